//! The engine and serde_json agree on every document, where their rules are the same.
//!
//! Where they differ: serde_json lets keys repeat, so repeated keys are counted beside it; it nests 127 deep, so the engine is told to;
//! it refuses numbers that no double holds, so those documents are left out; it knows no byte order mark, so one at the very start is
//! left out.

#![allow(missing_docs, clippy::unwrap_used)]

use jassay_engine::proto::{DuplicateKeys, Format, ProcessResult, ProfileScope, Verdict, WarningCode};
use peers::documents::document;
use peers::engine::{Judge, rules_of_the_oracle};
use peers::oracle::{self, MAX_DEPTH};
use peers::random::Random;

/// Documents tried when [`CASES_VARIABLE`] does not say how many.
const DEFAULT_CASES: u64 = 20_000;
const CASES_VARIABLE: &str = "JASSAY_AGREEMENT_CASES";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

struct Judges {
    reject: Judge,
    allow: Judge,
}

impl Judges {
    fn new() -> Self {
        let judge = |keys| Judge::new(Format::Document, rules_of_the_oracle(keys), ProfileScope::None, 1).unwrap();
        Self { reject: judge(DuplicateKeys::Reject), allow: judge(DuplicateKeys::Allow) }
    }

    /// Whether the document is valid with repeated keys refused, and with them allowed and counted.
    fn verdicts(&self, document: &[u8]) -> (bool, Option<u64>) {
        let valid = |result: &ProcessResult| result.verdict() == Verdict::Pass;
        let allowed = self.allow.judge(document).unwrap();
        (valid(&self.reject.judge(document).unwrap()), valid(&allowed).then(|| repeated_keys(&allowed)))
    }
}

fn repeated_keys(result: &ProcessResult) -> u64 {
    let warning = result.warnings.iter().find(|warning| warning.code() == WarningCode::DuplicateKeys);
    warning.map_or(0, |warning| warning.text.split(' ').next().unwrap().parse().unwrap())
}

/// How many documents there were of each kind.
#[derive(Debug, Default)]
struct Seen {
    valid: u64,
    with_repeated_keys: u64,
    invalid: u64,
    left_out: u64,
}

fn compare(judges: &Judges, document: &[u8], seen: &mut Seen, case: &str) {
    let (reject, allow) = judges.verdicts(document);
    let text = || format!("{case}: {}", document.escape_ascii());
    match oracle::verdict(document) {
        oracle::Verdict::Valid { repeated_keys } => {
            assert_eq!(allow, Some(repeated_keys), "{}", text());
            assert_eq!(reject, repeated_keys == 0, "{}", text());
            seen.valid += 1;
            seen.with_repeated_keys += u64::from(repeated_keys > 0);
        }
        _ if document.starts_with(BYTE_ORDER_MARK) => seen.left_out += 1,
        oracle::Verdict::Unknown => seen.left_out += 1,
        oracle::Verdict::Invalid => {
            assert_eq!((reject, allow), (false, None), "{}", text());
            seen.invalid += 1;
        }
    }
}

#[test]
fn verdict_of_any_document_is_that_of_the_oracle() {
    let cases = std::env::var(CASES_VARIABLE).map_or(DEFAULT_CASES, |count| count.parse().unwrap());
    let judges = Judges::new();
    let mut seen = Seen::default();
    for seed in 0..cases {
        compare(&judges, &document(&mut Random::new(seed)), &mut seen, &format!("seed {seed}"));
    }
    println!("{seen:?}");
    // Each kind is met often, so that none of the comparisons above is empty.
    assert!(seen.valid > cases / 4 && seen.invalid > cases / 4, "{seen:?}");
    assert!(seen.with_repeated_keys > cases / 100 && seen.left_out < cases / 10, "{seen:?}");
}

#[test]
fn verdict_of_nesting_is_that_of_the_oracle_at_the_edge() {
    let judges = Judges::new();
    let mut seen = Seen::default();
    for depth in MAX_DEPTH as usize - 1..=MAX_DEPTH as usize + 1 {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let document = [&open.repeat(depth - 1), "[", "]", &close.repeat(depth - 1)].concat();
            compare(&judges, document.as_bytes(), &mut seen, &format!("depth {depth}"));
        }
    }
    assert_eq!((seen.valid, seen.invalid), (4, 2));
}

#[test]
fn verdict_of_every_short_document_is_that_of_the_oracle() {
    const ALPHABET: &[u8] = b"[]{}\",:0-.e1 \\ut\xc3\xa9";
    let judges = Judges::new();
    let mut seen = Seen::default();
    for length in 0..=3 {
        for number in 0..ALPHABET.len().pow(length) {
            let document: Vec<u8> =
                (0..length).map(|place| ALPHABET[number / ALPHABET.len().pow(place) % ALPHABET.len()]).collect();
            compare(&judges, &document, &mut seen, "short");
        }
    }
    assert!(seen.valid > 50, "{seen:?}");
}
