//! The results of parts, merged, against the result of the whole.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::records::records;
use common::{MEMORY, Random, engine, found, merge, state};
use jassay_engine::merge::{Incompatible, MergePlan};
use jassay_engine::proto::{
    DuplicateKeys, Format, ProcessConfig, ProcessResult, Profile, ProfileScope, Redaction, Report, Termination, Validation,
    WarningCode,
};
use jassay_engine::{Engine, Halt, Merge};
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn config(format: Format, profile: Profile, report: Report) -> ProcessConfig {
    let profile = Profile { scope: ProfileScope::Valid.into(), infer_schema: true, ..profile };
    ProcessConfig { format: format.into(), profile: Some(profile), report: Some(report), ..ProcessConfig::default() }
}

fn ndjson() -> ProcessConfig {
    config(Format::Ndjson, Profile::default(), Report::default())
}

fn part_of(config: &ProcessConfig, part: u32) -> ProcessConfig {
    ProcessConfig { part: Some(part), ..config.clone() }
}

/// The result of the whole, without what a merge leaves out.
fn run_whole(config: &ProcessConfig, input: impl AsRef<[u8]>) -> ProcessResult {
    ProcessResult { invalid_over_stream: None, ..common::run_whole(config, input) }
}

/// Without top values that are estimated.
fn comparable(mut result: ProcessResult) -> ProcessResult {
    for field in &mut result.fields {
        if field.top_values.iter().any(|value| !value.exact) {
            field.top_values.clear();
        }
    }
    result
}

fn warning(result: &ProcessResult, code: WarningCode) -> Option<&str> {
    result.warnings.iter().find(|warning| warning.code() == code).map(|warning| warning.text.as_str())
}

/// Records of all kinds, a tenth of them faulty in several ways, some with many keys.
fn mixed(seed: u64, count: u64) -> Vec<String> {
    let mut random = Random(seed);
    let mut all = records(seed, count);
    for record in &mut all {
        match random.below(20) {
            0 => record.push_str(&format!("{}]", "x".repeat(random.below(3)))),
            1 => *record = format!("{{\"{}\":[1,2", random.pick(&["p", "q", "r"])),
            2 => *record = format!("{{\"k{}\":{}}}", random.below(30), random.below(9)),
            3 => *record = format!("{{\"id\":{},\"text\":\"number {}\"}}", random.next(), random.below(4000)),
            4 => *record = String::new(),
            _ => {}
        }
    }
    all
}

/// The states of the parts that `cuts` make of records, each with its number.
fn states(config: &ProcessConfig, records: &[String], cuts: &[usize]) -> Vec<Vec<u8>> {
    let mut bounds = vec![0];
    bounds.extend(cuts.iter().map(|cut| cut % (records.len() + 1)));
    bounds.push(records.len());
    bounds.sort_unstable();
    let input = |bounds: &[usize]| records[bounds[0]..bounds[1]].iter().map(|record| format!("{record}\n")).collect::<String>();
    let part =
        |(number, bounds): (usize, &[usize])| state(&engine(1 + number % 3), &part_of(config, number as u32), input(bounds));
    bounds.windows(2).enumerate().map(part).collect()
}

/// Merges in a random tree: takes some states, puts theirs back, until one is left. The result of that one, and it.
fn merge_in_a_tree(mut states: Vec<Vec<u8>>, random: &mut Random) -> (ProcessResult, Vec<u8>) {
    loop {
        let some = 1 + random.below(states.len().min(5));
        let taken: Vec<Vec<u8>> = (0..some).map(|_| states.swap_remove(random.below(states.len()))).collect();
        let (result, state) = merge(&engine(1), taken.iter().map(Vec::as_slice)).unwrap();
        if states.is_empty() {
            return (result, state);
        }
        states.push(state);
    }
}

/// Merges parts of `records` in several trees, and compares with the whole.
fn check(config: &ProcessConfig, records: &[String], parts: usize, seed: u64) -> ProcessResult {
    let mut random = Random(seed);
    let whole = run_whole(config, records.iter().map(|record| format!("{record}\n")).collect::<String>());
    let cuts: Vec<usize> = (1..parts).map(|_| random.next() as usize).collect();
    let states = states(config, records, &cuts);
    let (_, expected) = merge(&engine(1), states.iter().map(Vec::as_slice)).unwrap();
    for _ in 0..3 {
        let (merged, state) = merge_in_a_tree(states.clone(), &mut random);
        for (field, expected) in comparable(merged.clone()).fields.iter().zip(&comparable(whole.clone()).fields) {
            assert_eq!(field, expected, "{parts} parts, seed {seed}");
        }
        assert_eq!(comparable(merged), comparable(whole.clone()), "{parts} parts, seed {seed}");
        assert!(state == expected, "{parts} parts, seed {seed}: the states of two trees differ");
    }
    whole
}

#[test]
fn merged_parts_are_the_whole_in_any_tree() {
    for (seed, parts) in [1, 2, 3, 5, 8, 20, 64].into_iter().enumerate() {
        let seed = seed as u64;
        check(&ndjson(), &mixed(seed, 1500), parts, seed);
    }
}

#[test]
fn merged_parts_of_concatenated_values_are_the_whole() {
    // Detected too, where each part begins as the whole does.
    for format in [Format::Concatenated, Format::Unspecified] {
        let records: Vec<String> =
            (0..400).map(|i| format!("{{\n  \"a\": {i},\n  \"b\": {}\n}}", ["1", "tru", "\"x\""][i % 3])).collect();
        let whole = check(&config(format, Profile::default(), Report::default()), &records, 9, 3);
        assert_eq!((whole.format(), whole.counts.unwrap().invalid), (Format::Concatenated, 133));
    }
}

#[test]
fn merged_parts_are_the_whole_at_every_cap() {
    let report = Report { max_violations: 12, max_per_group: 4, max_preview_bytes: 20, ..Report::default() };
    for seed in 0..6 {
        let records = mixed(seed, 800);
        let keys = config(Format::Ndjson, Profile { max_keys: 6, top_values: 3, ..Profile::default() }, report);
        let whole = check(&keys, &records, 7, seed);
        assert!(warning(&whole, WarningCode::KeysCollapsed).is_some() && whole.violations.len() == 12);
        let paths = config(Format::Ndjson, Profile { max_paths: 50, ..Profile::default() }, report);
        let whole = check(&paths, &records, 7, seed);
        assert!(warning(&whole, WarningCode::PathsCut).is_some() && whole.fields.len() == 50);
        let omitting = Profile { redaction: Redaction::Omit.into(), ..Profile::default() };
        check(&config(Format::Ndjson, omitting, report), &records, 7, seed);
    }
}

#[test]
fn merged_samples_are_those_of_the_whole_where_each_part_has_too_many() {
    // In each part one group comes often and another one late, so that a part's own samples are others than the whole's.
    let report = Report { max_violations: 7, max_per_group: 3, ..Report::default() };
    let records: Vec<String> =
        (0..60).map(|i| format!("{{\"{}\":x}}", ["a", "a", "a", "a", "b", "a", "c", "d"][i % 8])).collect();
    for parts in [2, 5, 30] {
        check(&config(Format::Ndjson, Profile::default(), report), &records, parts, parts as u64);
    }
}

#[test]
fn merged_extremes_of_any_exponent_are_those_of_the_whole() {
    let records =
        ["{\"a\":500e9999999999999999}", "{\"a\":0.00001e-99999999999999}", "{\"a\":6e9999999999999999}", "{\"a\":-7e99}"];
    let whole = check(&ndjson(), &records.map(str::to_owned), 4, 3);
    let numbers = whole.fields[1].numbers.as_ref().unwrap();
    assert_eq!((numbers.max.as_str(), numbers.beyond_double), ("5e+10000000000000001", 2));
    assert_eq!(numbers.min, "-7e+99");
}

#[test]
fn merged_keys_that_are_too_long_and_objects_that_collapse_are_those_of_the_whole() {
    let mut random = Random(4);
    let key =
        |random: &mut Random| "k".repeat([1, 2, 3, 400, 700, 1022, 1100][random.below(7)]) + ["", "a", "/", "~"][random.below(4)];
    for seed in 0..6 {
        let record = |random: &mut Random| {
            let inner = format!("{{\"{}\":[[1,{{\"{}\":2}}]]}}", key(random), key(random));
            format!("{{\"{}\":{inner},\"x{}\":1}}", key(random), random.below(5))
        };
        let records: Vec<String> = (0..200).map(|_| record(&mut random)).collect();
        for max_keys in [1, 3, 20] {
            check(&config(Format::Ndjson, Profile { max_keys, ..Profile::default() }, Report::default()), &records, 6, seed);
        }
    }
}

#[test]
fn merged_groups_past_their_cap_are_those_of_the_whole() {
    let records: Vec<String> = (0..2600).map(|i| format!("{{\"key{}\":x}}", i * 7919 % 1300)).collect();
    let whole = check(&ndjson(), &records, 12, 1);
    assert!(whole.groups.iter().any(|group| group.path == "/**"));
}

#[test]
fn merged_result_is_cut_as_the_whole_is() {
    // The previews of no part are too many, but those of all are.
    let report = Report {
        max_violations: 200,
        max_per_group: 200,
        max_preview_bytes: 65_536,
        max_result_bytes: 2 << 20,
        ..Report::default()
    };
    let records: Vec<String> = (0..150).map(|i| format!("[\"{}\",x{i}]", "y".repeat(30_000))).collect();
    let whole = check(&config(Format::Ndjson, Profile::default(), report), &records, 5, 2);
    assert!(warning(&whole, WarningCode::ResultCut).unwrap().contains("previews"));
    // Those of a part alone would be, but the whole has none of them.
    let few = Report { max_violations: 200, max_per_group: 1, ..report };
    let mut records: Vec<String> = (0..3).map(|i| format!("{{\"k{i}\":x}}")).collect();
    records.extend((0..120).map(|i| format!("{{\"k{}\":x,\"z\":\"{}\"}}", i % 3, "y".repeat(60_000))));
    let whole = check(&config(Format::Ndjson, Profile::default(), few), &records, 4, 9);
    assert_eq!(warning(&whole, WarningCode::ResultCut), None);
}

#[test]
fn merged_duplicate_keys_marks_and_blank_lines_add_up() {
    let validation = Validation { duplicate_keys: DuplicateKeys::Allow.into(), ..Validation::default() };
    let config = ProcessConfig { validation: Some(validation), ..ndjson() };
    let lines = ["{\"a\":1,\"a\":2}", "", "{\"b\":1,\"b\":2,\"b\":3}", "  ", "1"].map(str::to_owned);
    let whole = check(&config, &lines, 4, 5);
    assert!(warning(&whole, WarningCode::DuplicateKeys).unwrap().starts_with("3 keys"));
    let input = "\u{feff}{\"a\":1}\n{\"a\":x}\n{\"a\":y}\n";
    let parts = [state(&engine(1), &part_of(&config, 0), &input[..11]), state(&engine(1), &part_of(&config, 1), &input[11..])];
    let (merged, _) = merge(&engine(1), parts.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(merged, run_whole(&config, input));
    assert!(warning(&merged, WarningCode::Bom).is_some());
}

#[test]
fn a_single_state_is_its_own_whole_and_stays_the_same() {
    let input = mixed(11, 900).join("\n");
    for part in [None, Some(0), Some(7), Some(u32::MAX)] {
        let config = ProcessConfig { part, ..ndjson() };
        let once = state(&engine(2), &config, &input);
        let (result, twice) = merge(&engine(1), [once.as_slice()]).unwrap();
        assert_eq!(result, run_whole(&config, &input));
        assert!(twice == once);
    }
}

#[test]
fn a_result_has_its_state_where_the_config_asks_and_it_fits() {
    let input = mixed(12, 300).join("\n");
    let with_state = |report| config(Format::Ndjson, Profile { with_state: true, ..Profile::default() }, report);
    let mut result = run_whole(&with_state(Report::default()), &input);
    assert!(std::mem::take(&mut result.state) == state(&engine(1), &ndjson(), &input));
    assert_eq!(result, run_whole(&ndjson(), &input));
    // Distinct values and samples of many paths are more than the least result has room for.
    let wide: String = (0..60_000).map(|i| format!("{{\"k{}\":\"value {}\"}}\n", i % 300, i / 300)).collect();
    let least = Report { max_result_bytes: 2 << 20, ..Report::default() };
    let mut cut = run_whole(&with_state(least), &wide);
    assert!(cut.state.is_empty() && warning(&cut, WarningCode::ResultCut).unwrap().contains("cut: state"));
    cut.warnings.clear();
    assert_eq!(cut.fields, run_whole(&config(Format::Ndjson, Profile::default(), least), &wide).fields);
}

#[test]
fn without_all_parts_positions_stay_within_their_part() {
    let input = "{\"a\":1}\n{\"b\":x}\n";
    let states = [Some(3), Some(1), None].map(|part| state(&engine(1), &ProcessConfig { part, ..ndjson() }, input));
    let (result, _) = merge(&engine(1), states.iter().map(Vec::as_slice)).unwrap();
    let why = warning(&result, WarningCode::PartsMissing).unwrap();
    assert!(why.starts_with("parts missing of 0 to 3: 2, the first of them 0; parts without a number: 1; "), "{why}");
    let places: Vec<_> = found(&result).iter().map(|it| (it.1, it.2, it.3, it.5)).collect();
    assert_eq!(places, [(1, 2, 8, 13); 3]);
    assert_eq!((result.groups[0].first_record, result.counts.unwrap().records), (1, 6));
    assert_eq!(result.fields[1].first_seen.unwrap().integer_value, Some(0));
    // Once the others are there, they are known.
    let others = [0, 2].map(|part| state(&engine(1), &part_of(&ndjson(), part), "1\n"));
    let (result, _) = merge(&engine(1), states[..2].iter().chain(&others).map(Vec::as_slice)).unwrap();
    assert_eq!(warning(&result, WarningCode::PartsMissing), None);
    let places: Vec<_> = found(&result).iter().map(|it| (it.1, it.2, it.3, it.5)).collect();
    assert_eq!(places, [(2, 3, 10, 15), (5, 6, 28, 33)]);
}

#[test]
fn parts_without_a_number_come_in_the_same_order_whatever_order_they_are_given_in() {
    let inputs = ["x\n", "[1,\n", "{\"a\":1}\n{\"b\":]\n", "{\"c\":1}\n"];
    let states = inputs.map(|input| state(&engine(1), &ndjson(), input));
    let (expected, state) = merge(&engine(1), states.iter().map(Vec::as_slice)).unwrap();
    let (reversed, reversed_state) = merge(&engine(1), states.iter().rev().map(Vec::as_slice)).unwrap();
    assert_eq!(reversed, expected);
    assert!(state == reversed_state);
    assert_eq!(expected.counts.unwrap().records, 5);
}

#[test]
fn sources_and_labels_are_those_that_all_parts_share() {
    let of = |part, source: &str, label: &str| {
        let labels = [("job".to_owned(), "7".to_owned()), ("host".to_owned(), label.to_owned())].into();
        let config = ProcessConfig { part: Some(part), source: source.to_owned(), labels, ..ndjson() };
        state(&engine(1), &config, "x\n")
    };
    let (same, _) = merge(&engine(1), [&of(0, "s", "a")[..], &of(1, "s", "a")]).unwrap();
    assert_eq!((same.source.as_str(), same.labels.len()), ("s", 2));
    assert!(same.violations.iter().all(|violation| violation.source.is_empty()));
    let (other, state) = merge(&engine(1), [&of(0, "s", "a")[..], &of(1, "t", "b")]).unwrap();
    assert_eq!(
        (other.source.as_str(), other.labels.into_iter().collect::<Vec<_>>()),
        ("", vec![("job".to_owned(), "7".to_owned())])
    );
    let (more, _) = merge(&engine(1), [&state[..], &of(2, "s", "a")]).unwrap();
    assert_eq!(more.violations.iter().map(|violation| violation.source.as_str()).collect::<Vec<_>>(), ["s", "t", "s"]);
}

#[test]
fn a_part_that_did_not_end_well_makes_the_whole_end_so() {
    let part = |part, format, input: &str| {
        state(&engine(1), &ProcessConfig { format: Format::into(format), ..part_of(&ndjson(), part) }, input)
    };
    let parts = [part(0, Format::Ndjson, "1\n2\n"), part(1, Format::Array, "[1,2] x"), part(2, Format::Array, "[3")];
    let (result, _) = merge(&engine(1), parts.iter().rev().map(Vec::as_slice)).unwrap();
    assert_eq!((result.termination(), result.stopped_at), (Termination::UnrecoverableSyntax, Some(4 + 6)));
    assert_eq!((result.format(), result.counts.unwrap().records), (Format::Ndjson, 5));
}

#[test]
fn states_may_be_cut_anywhere() {
    let config = ndjson();
    let input = mixed(4, 40).join("\n") + "\n";
    let states = [state(&engine(1), &part_of(&config, 0), &input), state(&engine(1), &part_of(&config, 1), "1\n")].concat();
    let expected = merge(&engine(1), [states.as_slice()]).unwrap();
    for size in [1, 2, 7, 1000] {
        assert!(merge(&engine(1), states.chunks(size)).unwrap() == expected, "slices of {size}");
    }
}

#[test]
fn states_that_do_not_go_together_are_refused() {
    let one = state(&engine(1), &part_of(&ndjson(), 0), "1\n");
    let refused = |other: &[u8]| match merge(&engine(1), [&one[..], other]) {
        Err(Halt::StateIncompatible { number: 2, why }) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&one), Incompatible::Part(0));
    let mut later = one.clone();
    later[8] += 1;
    assert_eq!(refused(&later), Incompatible::Version(2));
    type Change = fn(&mut Validation, &mut Profile, &mut Report);
    let changes: [(&str, Change); 13] = [
        ("validation.duplicate_keys", |it, _, _| it.duplicate_keys = DuplicateKeys::Allow.into()),
        ("validation.max_depth", |it, _, _| it.max_depth = 5),
        ("validation.max_record_bytes", |it, _, _| it.max_record_bytes = 5),
        ("profile.scope", |_, it, _| it.scope = ProfileScope::WellFormed.into()),
        ("profile.top_values", |_, it, _| it.top_values = 5),
        ("profile.max_paths", |_, it, _| it.max_paths = 5),
        ("profile.max_keys", |_, it, _| it.max_keys = 5),
        ("profile.redaction", |_, it, _| it.redaction = Redaction::Omit.into()),
        ("profile.infer_schema", |_, it, _| it.infer_schema = false),
        ("report.max_violations", |_, _, it| it.max_violations = 5),
        ("report.max_per_group", |_, _, it| it.max_per_group = 5),
        ("report.max_preview_bytes", |_, _, it| it.max_preview_bytes = 5),
        ("report.max_result_bytes", |_, _, it| it.max_result_bytes = 4 << 20),
    ];
    for (field, change) in changes {
        let (mut validation, mut profile, mut report) = (Validation::default(), ndjson().profile.unwrap(), Report::default());
        change(&mut validation, &mut profile, &mut report);
        let config = ProcessConfig { validation: Some(validation), profile: Some(profile), report: Some(report), ..ndjson() };
        assert_eq!(refused(&state(&engine(1), &part_of(&config, 1), "1\n")), Incompatible::Config(field));
    }
}

#[test]
fn a_state_with_any_byte_changed_or_missing_is_refused() {
    let whole = state(&engine(1), &part_of(&ndjson(), 0), mixed(8, 12).join("\n"));
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        let refused = merge(&engine(1), [changed.as_slice()]);
        assert!(
            matches!(refused, Err(Halt::StateDamaged { .. } | Halt::StateIncompatible { .. } | Halt::MemoryRefused(_))),
            "{at}"
        );
        let cut = merge(&engine(1), [&whole[..at]]);
        assert!(matches!(cut, Err(Halt::StateDamaged { number: 1, .. })), "cut at {at}: {cut:?}");
    }
    assert!(matches!(merge(&engine(1), []), Err(Halt::StateDamaged { number: 1, what: "there is none" })));
    let second = merge(&engine(1), [&whole[..], b"no state"]);
    assert_eq!(second.unwrap_err(), Halt::StateDamaged { number: 2, what: "it is cut short" });
}

#[test]
fn memory_of_a_merge_comes_from_the_budget_and_goes_back() {
    let input = mixed(1, 600).join("\n");
    let states = [state(&engine(1), &part_of(&ndjson(), 0), &input), state(&engine(1), &part_of(&ndjson(), 1), &input)];
    let engine = engine(1);
    merge(&engine, states.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(engine.budget().reserved(), 0);
    let mut refused = 0;
    for limit in [1 << 10, 1 << 14, 1 << 18, 1 << 20, MEMORY] {
        let small = Arc::new(Engine::new(1, limit).unwrap());
        match merge(&small, states.iter().map(Vec::as_slice)) {
            Err(Halt::MemoryRefused(_)) => refused += 1,
            other => assert!(other.is_ok() && limit > 1 << 18, "{limit}: {:?}", other.err()),
        }
        assert_eq!(small.budget().reserved(), 0, "{limit}");
    }
    assert!(refused >= 3, "{refused}");
}

#[test]
fn merge_cancelled_stops() {
    let state = state(&engine(1), &ndjson(), "1\n");
    let mut merge = Merge::new(engine(1), MergePlan::default());
    merge.feed(&state).unwrap();
    merge.cancellation().store(true, Ordering::Relaxed);
    assert_eq!(merge.feed(&state), Err(Halt::Cancelled));
    assert_eq!(merge.finish(), Err(Halt::Cancelled));
}

/// A state of these entries, each encoded, with the hash that it must have.
fn sealed(head: &[u8], entries: &[Vec<u8>]) -> Vec<u8> {
    let mut state = head.to_vec();
    for entry in entries {
        state.extend((entry.len() as u64).to_le_bytes());
        state.extend(entry);
    }
    state.extend(0_u64.to_le_bytes());
    let hash = xxhash_rust::xxh3::xxh3_64(&state);
    state.extend(hash.to_le_bytes());
    state
}

fn entries(state: &[u8]) -> (&[u8], Vec<Vec<u8>>) {
    let (head, mut rest) = state.split_at(12);
    let mut entries = Vec::new();
    while let (Some(length), true) = (rest.first_chunk(), rest[..8] != [0; 8]) {
        let length = u64::from_le_bytes(*length) as usize;
        entries.push(rest[8..8 + length].to_vec());
        rest = &rest[8 + length..];
    }
    (head, entries)
}

/// Merges forged states, which must end in a result or a refusal; how many ended in a result.
fn merge_forged(seed: u64, count: usize) -> usize {
    let mut random = Random(seed);
    let states: Vec<_> =
        (0..4).map(|part| state(&engine(1), &part_of(&ndjson(), part), mixed(part.into(), 60).join("\n"))).collect();
    let mut merged = 0;
    for _ in 0..count {
        let (head, mut entries) = entries(&states[random.below(4)]);
        for _ in 0..=random.below(3) {
            let (one, other) = (random.below(entries.len()), random.below(entries.len()));
            let length = entries[one].len();
            match random.below(8) {
                0 => entries.swap(one, other),
                1 => drop(entries.remove(one)),
                2 => entries.insert(other, entries[one].clone()),
                3 => entries[one].truncate(random.below(length + 1)),
                _ if length > 0 => entries[one][random.below(length)] = random.next() as u8,
                _ => {}
            }
            if entries.is_empty() {
                break;
            }
        }
        let forged = sealed(head, &entries);
        for slabs in [vec![&forged[..]], vec![&states[random.below(4)][..], &forged]] {
            match merge(&engine(1), slabs) {
                Ok(_) => merged += 1,
                Err(Halt::StateDamaged { .. } | Halt::StateIncompatible { .. } | Halt::MemoryRefused(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    merged
}

#[test]
fn entries_sealed_again_are_the_same_state() {
    let state = state(&engine(1), &ndjson(), mixed(2, 30).join("\n"));
    let (head, entries) = entries(&state);
    assert_eq!(sealed(head, &entries), state);
}

#[test]
fn forged_states_never_crash() {
    // Some forgeries are as good as true ones: a state says what its input was, and nobody can tell.
    let merged = merge_forged(1, 3000);
    assert!((300..5700).contains(&merged), "{merged}");
}

#[test]
#[ignore = "slow: `make slow`"]
fn half_a_million_forged_states_never_crash() {
    merge_forged(2, 500_000);
}
