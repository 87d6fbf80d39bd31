//! A profile of all fields in the way that is clear to write: a tree of each record, and maps by path.

use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::thread;

/// Different values that are counted one by one, as in the engine.
const MAX_VALUES: usize = 1024;

/// What was seen at one path.
#[derive(Default)]
struct Seen {
    present: u64,
    types: [u64; 7],
    sum: f64,
    squares: f64,
    least: Option<f64>,
    greatest: Option<f64>,
    buckets: HashMap<u64, u64>,
    characters: u64,
    bytes: u64,
    first: Option<String>,
    last: Option<String>,
    elements: u64,
    distinct: HashSet<String>,
    values: HashMap<String, u64>,
}

/// Measures all lines by two threads. Returns how many there were.
pub(crate) fn measure(lines: &[&[u8]]) -> Result<usize, serde_json::Error> {
    let (one, other) = lines.split_at(lines.len() / 2);
    let (one, other) = thread::scope(|scope| {
        let second = scope.spawn(|| part(other));
        (part(one), second.join().unwrap_or_else(|_| Ok(HashMap::new())))
    });
    let mut all = one?;
    for (path, theirs) in other? {
        all.entry(path).or_default().merge(theirs);
    }
    Ok(all.remove("").unwrap_or_default().present as usize)
}

fn part(lines: &[&[u8]]) -> Result<HashMap<String, Seen>, serde_json::Error> {
    let mut paths = HashMap::new();
    for line in lines {
        value(&mut paths, &mut String::new(), &serde_json::from_slice(line)?);
    }
    Ok(paths)
}

fn value(paths: &mut HashMap<String, Seen>, path: &mut String, value_there: &Value) {
    let seen = match paths.get_mut(path.as_str()) {
        Some(seen) => seen,
        None => paths.entry(path.clone()).or_default(),
    };
    seen.add(value_there);
    let length = path.len();
    match value_there {
        Value::Array(elements) => {
            path.push_str("/*");
            elements.iter().for_each(|element| value(paths, path, element));
        }
        Value::Object(members) => {
            for (key, member) in members {
                path.push('/');
                path.push_str(key);
                value(paths, path, member);
                path.truncate(length);
            }
        }
        _ => {}
    }
    path.truncate(length);
}

impl Seen {
    fn add(&mut self, value: &Value) {
        self.present += 1;
        let kind = match value {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Number(number) if number.is_f64() => 3,
            Value::Number(_) => 2,
            Value::String(_) => 4,
            Value::Array(_) => 5,
            Value::Object(_) => 6,
        };
        self.types[kind] += 1;
        match value {
            Value::Number(number) => self.number(number.as_f64().unwrap_or_default(), number.to_string()),
            Value::String(text) => self.text(text),
            Value::Bool(truth) => self.value(truth.to_string()),
            Value::Array(elements) => self.elements += elements.len() as u64,
            Value::Null | Value::Object(_) => {}
        }
    }

    fn number(&mut self, number: f64, text: String) {
        self.sum += number;
        self.squares += number * number;
        self.least = Some(self.least.map_or(number, |least| least.min(number)));
        self.greatest = Some(self.greatest.map_or(number, |greatest| greatest.max(number)));
        *self.buckets.entry(number.to_bits() >> 46).or_default() += 1;
        self.value(text);
    }

    fn text(&mut self, text: &str) {
        self.characters += text.chars().count() as u64;
        self.bytes += text.len() as u64;
        if self.first.as_ref().is_none_or(|first| text < first.as_str()) {
            self.first = Some(text.to_owned());
        }
        if self.last.as_ref().is_none_or(|last| text > last.as_str()) {
            self.last = Some(text.to_owned());
        }
        self.value(text.to_owned());
    }

    fn value(&mut self, text: String) {
        if self.values.len() < MAX_VALUES || self.values.contains_key(&text) {
            *self.values.entry(text.clone()).or_default() += 1;
        }
        self.distinct.insert(text);
    }

    fn merge(&mut self, other: Self) {
        self.present += other.present;
        self.types.iter_mut().zip(other.types).for_each(|(count, more)| *count += more);
        self.sum += other.sum;
        self.squares += other.squares;
        self.least = self.least.into_iter().chain(other.least).reduce(f64::min);
        self.greatest = self.greatest.into_iter().chain(other.greatest).reduce(f64::max);
        self.characters += other.characters;
        self.bytes += other.bytes;
        self.elements += other.elements;
        self.first = self.first.take().into_iter().chain(other.first).min();
        self.last = self.last.take().into_iter().chain(other.last).max();
        self.distinct.extend(other.distinct);
        other.buckets.into_iter().for_each(|(bucket, count)| *self.buckets.entry(bucket).or_default() += count);
        other.values.into_iter().for_each(|(value, count)| *self.values.entry(value).or_default() += count);
    }
}
