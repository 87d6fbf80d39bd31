//! Schemas of every draft and records for them, over so few keys and values that they meet.

use peers::random::Random;
use serde_json::{Map, Value, json};

pub(crate) const DRAFTS: [(Draft, &str); 5] = [
    (Draft::Draft4, "http://json-schema.org/draft-04/schema#"),
    (Draft::Draft6, "http://json-schema.org/draft-06/schema#"),
    (Draft::Draft7, "http://json-schema.org/draft-07/schema#"),
    (Draft::Draft201909, "https://json-schema.org/draft/2019-09/schema"),
    (Draft::Draft202012, "https://json-schema.org/draft/2020-12/schema"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
}

const KEYS: [&str; 6] = ["a", "b", "c", "ab", "é", "~/"];
const PATTERNS: [&str; 6] = ["^a", "b$", "^.$", "[bc]", "^(a|é)*$", "\\D"];
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
const TEXTS: [&str; 8] = ["", "a", "b", "ab", "aa", "é", "c1", "abab"];
const NUMBERS: [&str; 12] = ["0", "1", "2", "3", "-1", "1.5", "0.5", "-0.25", "10", "4", "1.0", "2e1"];
/// Of those above: draft 4 has integers by how they are written.
const PLAIN_NUMBERS: usize = 10;
const DEFINITIONS: usize = 3;
const ROOT: &str = "https://jassay.test/root";
const OTHER: &str = "https://jassay.test/other";

/// Makes schemas of one draft.
pub(crate) struct Generator {
    pub(crate) random: Random,
    pub(crate) draft: Draft,
    /// Whether references that depend on the way are among them, and a resource inside of the schema.
    dynamic: bool,
    /// Whether `contains` is among them, which is not beside `unevaluatedItems` in draft 2019-09.
    contains: bool,
}

/// Where a schema comes to stand.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// The first definition that may be referred to: lower ones lead here without going into the value.
    from: usize,
    /// In the resource inside.
    inside: bool,
    /// In a member or element of the value that the whole, or the definition, is about.
    goes_in: bool,
}

impl Place {
    /// In a member or element of the value.
    fn into(self) -> Self {
        Self { depth: self.depth + 1, from: 0, goes_in: true, ..self }
    }

    fn beside(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let draft = DRAFTS[random.below(DRAFTS.len())].0;
        let dynamic = draft >= Draft::Draft201909 && random.once_in(3);
        let contains = draft != Draft::Draft201909 || random.once_in(2);
        Self { random, draft, dynamic, contains }
    }

    pub(crate) fn schema(&mut self) -> Value {
        let mut members = self.members(Place { depth: 0, from: 0, inside: false, goes_in: false });
        members.insert("$schema".to_owned(), DRAFTS[self.draft as usize].1.into());
        let mut definitions = Map::new();
        for number in 0..DEFINITIONS {
            let schema = self.sub(Place { depth: 1, from: number + 1, inside: false, goes_in: false });
            definitions.insert(format!("d{number}"), schema);
        }
        if self.dynamic {
            members.insert("$id".to_owned(), ROOT.into());
            self.anchor(&mut members);
            let mut other = self.members(Place { depth: 1, from: DEFINITIONS, inside: true, goes_in: false });
            other.insert("$id".to_owned(), OTHER.into());
            self.anchor(&mut other);
            definitions.insert("other".to_owned(), Value::Object(other));
        }
        members.insert(self.definitions().to_owned(), Value::Object(definitions));
        Value::Object(members)
    }

    fn definitions(&self) -> &'static str {
        if self.draft >= Draft::Draft201909 { "$defs" } else { "definitions" }
    }

    fn anchor(&mut self, members: &mut Map<String, Value>) {
        if self.draft == Draft::Draft202012 {
            members.insert("$dynamicAnchor".to_owned(), "node".into());
        } else {
            members.insert("$recursiveAnchor".to_owned(), (!self.random.once_in(4)).into());
        }
    }

    /// A schema inside of another.
    fn sub(&mut self, place: Place) -> Value {
        let is_boolean = self.draft > Draft::Draft4 && self.random.once_in(9);
        if is_boolean { Value::Bool(self.random.once_in(2)) } else { Value::Object(self.members(place)) }
    }

    fn members(&mut self, place: Place) -> Map<String, Value> {
        let mut members = Map::new();
        for _ in 0..1 + self.random.below(if place.depth < 2 { 4 } else { 2 }) {
            match self.random.below(if place.depth < 4 { 10 } else { 4 }) {
                0 | 1 => self.scalar(&mut members),
                2 => self.counts(&mut members),
                3 => self.reference(&mut members, place),
                4 | 5 => self.object(&mut members, place),
                6 | 7 => self.array(&mut members, place),
                _ => self.choice(&mut members, place),
            }
        }
        members
    }

    fn reference(&mut self, members: &mut Map<String, Value>, place: Place) {
        if self.dynamic && place.goes_in && self.random.once_in(2) {
            if self.draft == Draft::Draft202012 {
                members.insert("$dynamicRef".to_owned(), "#node".into());
            } else {
                members.insert("$recursiveRef".to_owned(), "#".into());
            }
            return;
        }
        if self.dynamic && place.from < DEFINITIONS && self.random.once_in(3) {
            members.insert("$ref".to_owned(), OTHER.into());
            return;
        }
        let root = if place.inside { ROOT } else { "" };
        if place.goes_in && self.random.once_in(3) {
            members.insert("$ref".to_owned(), format!("{root}#").into());
        } else if place.from < DEFINITIONS && place.depth > 0 {
            let number = self.random.between(place.from, DEFINITIONS);
            members.insert("$ref".to_owned(), format!("{root}#/{}/d{number}", self.definitions()).into());
        }
    }

    fn text(&mut self) -> Value {
        self.random.pick(&TEXTS).into()
    }

    fn number(&mut self) -> Value {
        let most = if self.draft == Draft::Draft4 { PLAIN_NUMBERS } else { NUMBERS.len() };
        let number = NUMBERS[self.random.below(most)];
        serde_json::from_str(number).unwrap()
    }

    fn positive(&mut self) -> Value {
        let number = self.random.pick(&["1", "2", "3", "0.5", "1.5", "0.25"]);
        serde_json::from_str(number).unwrap()
    }

    fn key(&mut self) -> String {
        self.random.pick(&KEYS).to_owned()
    }

    fn keys(&mut self) -> Value {
        let mut keys: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into()
    }

    fn scalar(&mut self, members: &mut Map<String, Value>) {
        let new = self.draft > Draft::Draft4;
        let (keyword, value) = match self.random.below(9) {
            0 | 1 if self.random.once_in(3) => {
                let mut types: Vec<&str> = (0..1 + self.random.below(4)).map(|_| self.random.pick(&TYPES)).collect();
                types.sort_unstable();
                types.dedup();
                ("type", types.into())
            }
            0 | 1 => ("type", self.random.pick(&TYPES).into()),
            2 => ("enum", self.different().into()),
            3 if new => ("const", self.value(1)),
            4 => (self.random.pick(&["minimum", "maximum"]), self.number()),
            5 if new => (self.random.pick(&["exclusiveMinimum", "exclusiveMaximum"]), self.number()),
            5 => {
                let keyword = self.random.pick(&["minimum", "maximum"]);
                members.insert(keyword.to_owned(), self.number());
                let exclusive = if keyword == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
                (exclusive, self.random.once_in(2).into())
            }
            6 => ("multipleOf", self.positive()),
            7 => ("pattern", self.random.pick(&PATTERNS).into()),
            _ => (self.random.pick(&["minLength", "maxLength"]), self.random.below(4).into()),
        };
        members.insert(keyword.to_owned(), value);
    }

    fn different(&mut self) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..1 + self.random.below(4) {
            let value = self.value(1);
            // Drafts 4 and 6 ask that they differ, and 1 is 1.0.
            if !values.iter().any(|other| jsonschema::is_valid(&json!({ "const": other }), &value)) {
                values.push(value);
            }
        }
        values
    }

    fn counts(&mut self, members: &mut Map<String, Value>) {
        match self.random.below(5) {
            0 => members.insert("uniqueItems".to_owned(), (!self.random.once_in(4)).into()),
            1 => members.insert("required".to_owned(), self.keys()),
            _ => {
                let keyword = self.random.pick(&["minItems", "maxItems", "minProperties", "maxProperties"]);
                members.insert(keyword.to_owned(), self.random.below(4).into())
            }
        };
    }

    fn subs(&mut self, place: Place) -> Vec<Value> {
        (0..1 + self.random.below(3)).map(|_| self.sub(place)).collect()
    }

    fn object(&mut self, members: &mut Map<String, Value>, place: Place) {
        let is_new = self.draft >= Draft::Draft201909;
        let (keyword, value) = match self.random.below(8) {
            0 | 1 => {
                let properties = (0..1 + self.random.below(3)).map(|_| (self.key(), self.sub(place.into()))).collect();
                ("properties", Value::Object(properties))
            }
            2 => {
                let patterns =
                    (0..1 + self.random.below(2)).map(|_| (self.random.pick(&PATTERNS).to_owned(), self.sub(place.into())));
                ("patternProperties", Value::Object(patterns.collect()))
            }
            3 if self.random.once_in(2) => ("additionalProperties", Value::Bool(self.random.once_in(4))),
            3 => ("additionalProperties", self.sub(place.into())),
            4 if self.draft > Draft::Draft4 => {
                // A name is a text, so that much of what may be asked says nothing; references would go in circles.
                let names = Place { depth: 4, from: DEFINITIONS, goes_in: false, ..place };
                ("propertyNames", self.sub(names))
            }
            5 if is_new => {
                ("dependentRequired", Value::Object((0..1 + self.random.below(2)).map(|_| (self.key(), self.keys())).collect()))
            }
            6 => {
                let keyword = if is_new && !self.random.once_in(4) { "dependentSchemas" } else { "dependencies" };
                let mut dependencies = Map::new();
                for _ in 0..1 + self.random.below(2) {
                    let on_keys = keyword == "dependencies" && self.random.once_in(2);
                    let dependency = if on_keys { self.keys() } else { self.sub(place.beside()) };
                    dependencies.insert(self.key(), dependency);
                }
                (keyword, Value::Object(dependencies))
            }
            7 if is_new && self.random.once_in(2) => ("unevaluatedProperties", Value::Bool(false)),
            7 if is_new => ("unevaluatedProperties", self.sub(place.into())),
            _ => ("required", self.keys()),
        };
        members.insert(keyword.to_owned(), value);
    }

    fn array(&mut self, members: &mut Map<String, Value>, place: Place) {
        let is_new = self.draft == Draft::Draft202012;
        let has_unevaluated = is_new || self.draft == Draft::Draft201909 && !self.contains;
        let (keyword, value) = match self.random.below(6) {
            0 => ("items", self.sub(place.into())),
            1 if is_new => ("prefixItems", self.subs(place.into()).into()),
            1 => ("items", self.subs(place.into()).into()),
            2 if !is_new && self.random.once_in(2) => ("additionalItems", Value::Bool(false)),
            2 if !is_new => ("additionalItems", self.sub(place.into())),
            3 | 4 if self.draft > Draft::Draft4 && self.contains => {
                if self.draft >= Draft::Draft201909 {
                    // Where both fail, the crate tells one of them and the engine the other.
                    let least = self.random.below(3);
                    for (keyword, count) in [("minContains", least), ("maxContains", least + self.random.below(2))] {
                        if self.random.once_in(3) {
                            members.insert(keyword.to_owned(), count.into());
                        } else {
                            members.remove(keyword);
                        }
                    }
                }
                ("contains", self.sub(place.into()))
            }
            _ if !has_unevaluated => ("uniqueItems", true.into()),
            5 if self.random.once_in(2) => ("unevaluatedItems", Value::Bool(false)),
            5 => ("unevaluatedItems", self.sub(place.into())),
            _ => ("uniqueItems", true.into()),
        };
        members.insert(keyword.to_owned(), value);
    }

    fn choice(&mut self, members: &mut Map<String, Value>, place: Place) {
        let place = place.beside();
        match self.random.below(6) {
            0 => members.insert("allOf".to_owned(), self.subs(place).into()),
            1 => members.insert("anyOf".to_owned(), self.subs(place).into()),
            2 => members.insert("oneOf".to_owned(), self.subs(place).into()),
            3 => members.insert("not".to_owned(), self.sub(place)),
            _ if self.draft < Draft::Draft7 => members.insert("allOf".to_owned(), self.subs(place).into()),
            _ => {
                for keyword in ["then", "else"] {
                    if !self.random.once_in(3) {
                        members.insert(keyword.to_owned(), self.sub(place));
                    }
                }
                members.insert("if".to_owned(), self.sub(place))
            }
        };
    }

    pub(crate) fn value(&mut self, depth: usize) -> Value {
        match self.random.below(if depth < 3 { 12 } else { 5 }) {
            0 => Value::Null,
            1 => Value::Bool(self.random.once_in(2)),
            2 => self.text(),
            3 | 4 => self.number(),
            5..8 => (0..self.random.below(5)).map(|_| self.value(depth + 1)).collect::<Vec<_>>().into(),
            _ => (0..self.random.below(5)).map(|_| (self.key(), self.value(depth + 1))).collect::<Map<_, _>>().into(),
        }
    }
}

/// Changes one thing in `value`.
pub(crate) fn mutate(random: &mut Random, value: &mut Value) {
    match value {
        Value::Object(members) if !members.is_empty() && !random.once_in(12) => {
            let key = members.keys().nth(random.below(members.len())).unwrap().clone();
            match random.below(6) {
                0 => {
                    members.remove(&key);
                }
                1 => {
                    let moved = members.remove(&key).unwrap();
                    members.insert(format!("{key}x"), moved);
                }
                _ => mutate(random, members.get_mut(&key).unwrap()),
            }
        }
        Value::Array(elements) if !elements.is_empty() && !random.once_in(12) => {
            let index = random.below(elements.len());
            match random.below(6) {
                0 => {
                    elements.remove(index);
                }
                1 => elements.push(elements[index].clone()),
                _ => mutate(random, &mut elements[index]),
            }
        }
        other => {
            let texts =
                ["null", "true", "0", "-1.5", "7", "\"\"", "\"a\"", "\"1.0.0\"", "[]", "{}", "[1,1]", "{\"a\":1}", "[\"a\",{}]"];
            *other = serde_json::from_str(random.pick(&texts)).unwrap();
        }
    }
}
