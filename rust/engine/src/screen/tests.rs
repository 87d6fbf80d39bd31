//! The screen against the clear judge: whatever passes is valid, and nearly all that is valid passes.

use super::*;
use crate::frame::{Extent, Framer, Reached, trim, trimmed_length};
use crate::judge::{Judge, Judgement};
use crate::proto::Format;

const RULES: Rules = Rules { allow_duplicate_keys: false, max_depth: 8, max_record_bytes: 4096 };
const ALLOWING: Rules = Rules { allow_duplicate_keys: true, ..RULES };

/// Valid, invalid and blank records, and keys that repeat others in the valid ones.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// For each record that is not blank.
    valid: Vec<bool>,
    duplicate_keys: u64,
    blank_lines: u64,
}

/// An outcome, and how many valid records did not pass.
struct Screening {
    outcome: Outcome,
    doubted: usize,
}

struct Bench {
    judge: Judge,
    screen: Screen,
    rules: Rules,
}

impl Bench {
    fn new(rules: Rules, kernel: Choice) -> Self {
        let budget = Arc::new(Budget::new(1 << 30));
        let judge = Judge::new(rules, budget.clone(), Arc::default());
        Self { judge, screen: Screen::new(rules, kernel, budget, Arc::default()), rules }
    }

    fn judge(&mut self, record: &[u8], outcome: &mut Outcome) {
        let valid = match self.judge.judge(record).unwrap() {
            _ if record.len() as u64 > self.rules.max_record_bytes || record.is_empty() => false,
            Judgement::Valid { duplicate_keys } => {
                outcome.duplicate_keys += duplicate_keys;
                true
            }
            Judgement::Invalid(_) => false,
        };
        outcome.valid.push(valid);
    }

    /// By the clear judge alone. `text` ends with a line feed.
    fn lines_by_judge(&mut self, text: &[u8]) -> Outcome {
        let mut outcome = Outcome::default();
        for line in text[..text.len() - 1].split(|byte| *byte == b'\n') {
            match trim(line) {
                (start, end) if start == end => outcome.blank_lines += 1,
                (start, end) => self.judge(&line[start..end], &mut outcome),
            }
        }
        outcome
    }

    fn lines(&mut self, text: &[u8]) -> Screening {
        self.screen.begin(Records::Lines);
        let mut screening = Screening { outcome: Outcome::default(), doubted: 0 };
        while let Screened::Suspect(start) = self.pass(text, &mut screening.outcome) {
            let length = text[start..].iter().position(|byte| *byte == b'\n').unwrap();
            let (white, end) = trim(&text[start..start + length]);
            if white == end {
                screening.outcome.blank_lines += 1;
            } else {
                self.judge(&text[start + white..start + end], &mut screening.outcome);
                screening.doubted += usize::from(screening.outcome.valid.last() == Some(&true));
            }
            self.screen.skip(start + length + 1);
        }
        screening
    }

    fn values_by_judge(&mut self, text: &[u8], extents: &[Extent]) -> Outcome {
        let mut outcome = Outcome::default();
        for extent in extents {
            let value = &text[extent.start as usize..extent.end as usize];
            self.judge(&value[..trimmed_length(value)], &mut outcome);
        }
        outcome
    }

    /// `extents` are those of the records of `text`.
    fn values(&mut self, text: &[u8], records: Records, extents: &[Extent]) -> Screening {
        self.screen.begin(records);
        let mut screening = Screening { outcome: Outcome::default(), doubted: 0 };
        // An array's bracket is for the framer.
        let mut due = if records == Records::Elements { trim(text).0 + 1 } else { 0 };
        self.screen.skip(due.min(text.len()));
        while screening.outcome.valid.len() < extents.len() {
            let screened = self.pass(text, &mut screening.outcome);
            let passed = screening.outcome.valid.len();
            let (Screened::Suspect(now) | Screened::End(now)) = screened;
            assert!(now >= due && now >= passed.checked_sub(1).map_or(0, |last| extents[last].end as usize), "{screened:?}");
            let Some(extent) = extents.get(passed) else { break };
            assert!(now <= extent.start as usize, "{screened:?}");
            let value = &text[extent.start as usize..extent.end as usize];
            self.judge(&value[..trimmed_length(value)], &mut screening.outcome);
            screening.doubted += usize::from(screening.outcome.valid.last() == Some(&true));
            due = extent.end as usize + usize::from(records == Records::Elements);
            self.screen.skip(due.min(text.len()));
        }
        screening
    }

    fn pass(&mut self, text: &[u8], outcome: &mut Outcome) -> Screened {
        let mut passed = Passed::default();
        let screened = self.screen.run(text, 0, text.len(), &mut passed, Measures { schema: None, profile: None });
        outcome.valid.extend((0..passed.valid).map(|_| true));
        outcome.duplicate_keys += passed.duplicate_keys;
        outcome.blank_lines += passed.blank_lines;
        screened
    }
}

fn benches() -> Vec<Bench> {
    let rules = [RULES, ALLOWING];
    rules.iter().flat_map(|rules| Choice::available().into_iter().map(|kernel| Bench::new(*rules, kernel))).collect()
}

/// The values of `text` by a framer of `format`, as far as they end in it.
fn extents(format: Format, kernel: Choice, text: &[u8]) -> Vec<Extent> {
    let mut extents = Vec::new();
    let mut framer = Framer::new(format, kernel);
    match framer.frame(text, usize::MAX, &mut extents) {
        Reached::Boundary(_) | Reached::End | Reached::Open(_) | Reached::Stopped(_) => extents,
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

const RECORDS: [&str; 18] = [
    r#"{"id":12345,"name":"Ada","tags":["a","b"],"address":{"street":"Main","number":-0.5e3},"ok":true}"#,
    r#"{"id":12346,"name":"Bob","tags":[],"address":{},"ok":false,"extra":null}"#,
    r#"{"a": [1, 2, {"b": "c"}, -0.5], "d": {"e": "f", "g": []}, "h": [[1], {"i": null}]}"#,
    "[1 ,2\t,3, 4,  5]",
    r#"{ "a" : [ 1 , 2 , { "b" : "c" } ] , "d" : { "e" : { "f" : [ [ ] ] } } }"#,
    r#"{"text":"quote \" backslash \\ slash \/ \b\f\n\r\t \u00e9 \ud83d\ude00 \\\\\" end","n":0}"#,
    r#"{"\u0061":1,"b":2,"a\\":3}"#,
    "{\"käse\":\"größe\",\"日本\":\"語の文字列\",\"😀\":\"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀\"}",
    r#"{"a":1,"b":2,"a":3}"#,
    r#"{"a":{"x":1,"x":2},"\u0061":3}"#,
    r#"{"an unusually long key, which is longer than what is compared at once":1,"an unusually long key, which is longer than what is compared twice":2}"#,
    "[[[[[[[[1]]]]]]]]",
    "[1,-2,3.25,1e5,1E-5,0,-0,0.0,12345678901234567890123456789,true,false,null,\"\",{}]",
    "\"just a string\"",
    "-12.5e+10",
    "true",
    "null",
    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,\"l\":12,\"m\":13,\"n\":14,\"o\":15,\"p\":16,\"q\":17,\"r\":18}",
];

/// Records with white space around them, so that they come to stand at every place of a chunk.
fn text(random: &mut Random, separator: &str) -> Vec<u8> {
    let mut text = Vec::new();
    for _ in 0..1 + random.below(12) {
        text.extend(std::iter::repeat_n(b' ', random.below(70) * random.below(2)));
        text.extend_from_slice(random.one_of(&RECORDS).as_bytes());
        text.extend_from_slice(separator.as_bytes());
    }
    text
}

/// Changes some bytes, often where chunks meet.
fn mutate(random: &mut Random, text: &mut Vec<u8>) {
    for _ in 0..random.below(4) {
        let length = text.len();
        if length < 4 {
            return;
        }
        let at = match random.below(2) {
            0 => random.below(length),
            _ => (random.below(length / 64 + 1) * 64 + random.below(7)).saturating_sub(3).min(length - 1),
        };
        let end = (at + 1 + random.below(9)).min(length);
        match random.below(6) {
            0 => text[at] ^= 1 << random.below(8),
            1 => text[at] = random.one_of(b"\"\\{}[]:,\n\r\t 0e.-tu/\x00\x1f\x7f\x80\xc3\xe2\xed\xf0\xff"),
            2 => drop(text.drain(at..end)),
            3 => {
                let doubled = text[at..end].to_vec();
                text.splice(at..at, doubled);
            }
            4 => text.swap(at, random.below(length)),
            _ => text.truncate(at),
        }
    }
}

fn compare(seed: u64, benches: &mut [Bench]) -> (usize, usize) {
    let random = &mut Random(seed);
    let (mut doubted, mut valid) = (0, 0);
    let mut lines = text(random, "\n");
    mutate(random, &mut lines);
    lines.push(b'\n');
    let mut array = b"[".to_vec();
    array.extend(text(random, ","));
    mutate(random, &mut array);
    let separator = random.one_of(&["", " ", "\n"]);
    let mut concatenated = text(random, separator);
    mutate(random, &mut concatenated);
    for bench in benches {
        let expected = bench.lines_by_judge(&lines);
        let screening = bench.lines(&lines);
        assert_eq!(screening.outcome, expected, "seed {seed}, {:?}: {:?}", bench.screen.kernel, String::from_utf8_lossy(&lines));
        doubted += screening.doubted;
        valid += expected.valid.iter().filter(|valid| **valid).count();
        for (format, records, text) in
            [(Format::Array, Records::Elements, &array), (Format::Concatenated, Records::Values, &concatenated)]
        {
            let extents = extents(format, bench.screen.kernel, text);
            let expected = bench.values_by_judge(text, &extents);
            let screening = bench.values(text, records, &extents);
            assert_eq!(
                screening.outcome,
                expected,
                "seed {seed}, {:?}: {:?}",
                bench.screen.kernel,
                String::from_utf8_lossy(text)
            );
            doubted += screening.doubted;
            valid += expected.valid.iter().filter(|valid| **valid).count();
        }
    }
    (doubted, valid)
}

fn compare_all(seeds: std::ops::Range<u64>) {
    let benches = &mut benches();
    let (mut doubted, mut valid) = (0, 0);
    for seed in seeds {
        let (more_doubted, more_valid) = compare(seed, benches);
        (doubted, valid) = (doubted + more_doubted, valid + more_valid);
    }
    assert!(valid > 0 && doubted * 20 < valid, "{doubted} of {valid} valid records were doubted");
}

#[test]
fn screen_agrees_with_the_judge_on_mutated_records() {
    compare_all(0..3_000);
}

#[test]
#[ignore = "slow: `make slow`"]
fn screen_agrees_with_the_judge_on_a_million_mutated_records() {
    compare_all(1_000_000..1_250_000);
}

#[test]
fn screen_lets_every_valid_record_pass_wherever_it_stands() {
    for bench in &mut benches() {
        for record in RECORDS {
            for shift in 0..130 {
                let text = format!("{}{record}\n\n 1\r\n", " ".repeat(shift)).into_bytes();
                let expected = bench.lines_by_judge(&text);
                let screening = bench.lines(&text);
                assert_eq!(screening.outcome, expected, "{record}");
                assert_eq!(screening.doubted, 0, "{record} at {shift}");
            }
        }
    }
}

#[test]
fn screen_lets_objects_pass_whose_keys_have_no_paths() {
    let mut bench = Bench::new(RULES, Choice::best());
    let mut random = Random(1);
    let mut text = String::new();
    // More different keys than are followed before all are forgotten, then the same records with their first key repeated.
    for _ in 0..4000 {
        let keys: Vec<_> = (0..10).map(|place| format!("\"k{}_{place}\":{place}", random.below(1_000_000))).collect();
        text += &format!("{{{}}}\n{{{},{}}}\n", keys.join(","), keys.join(","), keys[0]);
    }
    let screening = bench.lines(text.as_bytes());
    assert_eq!(screening.outcome.valid.len(), 8000);
    assert!(screening.outcome.valid.iter().enumerate().all(|(number, valid)| *valid == (number % 2 == 0)));
    assert_eq!(screening.doubted, 0);
}

#[test]
fn screen_finds_repeated_keys_of_every_length_with_paths_and_without() {
    for bench in &mut benches() {
        // At the edges of what is compared at once, and of what has a path.
        for length in [1, 2, 28, 29, 30, 31, 32, 33, 100, 251, 252, 253, 254, 255, 256, 257, 300] {
            let key = |end: &str| "k".repeat(length - 1) + end;
            let (a, b) = (key("a"), key("b"));
            let other_head = "h".to_owned() + &a[1..];
            let mut text = String::new();
            for _ in 0..3 {
                text += &format!("{{\"{a}\":1,\"{b}\":2}}\n{{\"{b}\":1,\"{a}\":2}}\n{{\"{a}\":{{\"{a}\":1}}}}\n");
                text += &format!("{{\"{a}\":1,\"{other_head}\":{{\"{a}\":0,\"{a}\":3}}}}\n{{\"{a}\":1,\"{a}\":2}}\n");
                text += &format!("{{\"{other_head}\":1,\"{a}\":2}}\n{{\"{other_head}\":1,\"{b}\":0,\"{other_head}\":2}}\n");
            }
            let expected = bench.lines_by_judge(text.as_bytes());
            let screening = bench.lines(text.as_bytes());
            assert_eq!(screening.outcome, expected, "{length}, {:?}", bench.screen.kernel);
        }
    }
}

#[test]
fn screen_finds_keys_repeated_in_another_spelling_with_paths_and_without() {
    let escaped = |key: &str| key.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>();
    let long = "k".repeat(250);
    for bench in &mut benches() {
        for key in ["a", "a b", &long, "a\\\\b", "\\u0000", "a\\\"b"] {
            // What the escapes of the key stand for is escaped whole.
            let other = match key {
                "a\\\\b" => escaped("a\\b"),
                "\\u0000" => "\\u000".to_owned() + "0",
                "a\\\"b" => escaped("a\"b"),
                plain => escaped(plain),
            };
            let mut text = String::new();
            for _ in 0..3 {
                text += &format!("{{\"{key}\":1}}\n{{\"{other}\":1}}\n{{\"{key}\":1,\"{other}\":2}}\n");
                text +=
                    &format!("{{\"{other}\":1,\"x\":{{\"{key}\":1}},\"{key}\":2}}\n{{\"x\":1,\"{other}\":{{\"{key}\":1}}}}\n");
            }
            let expected = bench.lines_by_judge(text.as_bytes());
            assert_eq!(bench.lines(text.as_bytes()).outcome, expected, "{key}, {:?}", bench.screen.kernel);
        }
    }
}

#[test]
fn screen_with_no_room_for_paths_finds_repeated_keys_that_have_one_and_that_have_none() {
    let rules = Rules { max_record_bytes: 1 << 24, ..ALLOWING };
    let mut bench = Bench::new(rules, Choice::best());
    let keys = |from: usize| (from..from + 100).map(|number| format!("\"k{number}\":0")).collect::<Vec<_>>().join(",");
    // More objects with more keys than there is room for.
    let all: Vec<_> = (0..200).map(|number| format!("\"o{number}\":{{{}}}", keys(0))).collect();
    let first = format!("{{{}}}\n", all.join(","));
    let again = format!("{{\"o0\":{{{},\"k7\":1,\"new\":1,\"new\":2}},\"o199\":{{{},{}}}}}\n", keys(0), keys(50), keys(100));
    let text = first + &again.repeat(3);
    let expected = bench.lines_by_judge(text.as_bytes());
    let screening = bench.lines(text.as_bytes());
    assert_eq!((&screening.outcome, screening.doubted), (&expected, 0));
    assert_eq!(screening.outcome.duplicate_keys, 3 * 52);
}

#[test]
fn screen_doubts_keys_that_are_no_strings_before_any_key_is_known() {
    for byte in 0..=255 {
        for (before, after) in [("{", "1}"), ("{", ":1}"), ("{\"a\":1,", ":2}"), ("{\"a\":1,", " 2}")] {
            let text = [before.as_bytes(), &[byte; 40], after.as_bytes(), b"\n"].concat();
            for bench in &mut benches() {
                let expected = bench.lines_by_judge(&text);
                assert_eq!(bench.lines(&text).outcome, expected, "{byte:x}, {before}, {after}");
            }
        }
    }
}

#[test]
fn screen_of_nested_objects_without_paths_finds_the_repeated_key() {
    let mut bench = Bench::new(Rules { max_record_bytes: 1 << 24, ..ALLOWING }, Choice::best());
    // Outer keys before inner ones, so that inner objects begin at numbers above those of all paths.
    let keys = |count: usize| (0..count).map(|number| format!("\"k{number}\":0")).collect::<Vec<_>>().join(",");
    let text = format!("{{{},\"inner\":{{{},\"k0\":1}},\"k9\":1}}\n", keys(6000), keys(100));
    for _ in 0..3 {
        let screening = bench.lines(text.as_bytes());
        assert_eq!((screening.outcome.duplicate_keys, screening.doubted), (2, 0));
    }
}

#[test]
fn screen_of_wide_objects_is_bounded_by_the_record_not_the_paths() {
    let rules = Rules { max_record_bytes: 1 << 24, ..ALLOWING };
    let mut bench = Bench::new(rules, Choice::best());
    for width in [511, 512, 513, 2000, 100_000] {
        let keys: Vec<_> = (0..width).map(|number| format!("\"{number}\":0")).collect();
        let text = format!("{{{}}}\n{{{},\"0\":1}}\n", keys.join(","), keys.join(","));
        let screening = bench.lines(text.as_bytes());
        assert_eq!((screening.outcome.duplicate_keys, screening.doubted), (1, 0), "{width}");
    }
}
