//! JSONTestSuite (Nicolas Seriot, "Parsing JSON is a Minefield"), where its folder is: `JASSAY_CONFORMANCE`, else `shared/conformance`
//! beside the project.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::*;
use jassay_engine::proto::Format::{Array, Concatenated, Document, Ndjson};
use jassay_engine::proto::{Format, ProcessConfig};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Of the files that a parser may accept or not, those that are accepted: numbers of any size, any depth below the limit, and a byte
/// order mark. The others are half surrogate pairs, bad UTF-8 and other encodings.
const OPEN_ACCEPTED: [&str; 12] = [
    "i_number_double_huge_neg_exp.json",
    "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",
    "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json",
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
    "i_structure_500_nested_arrays.json",
    "i_structure_UTF-8_BOM_empty_object.json",
];

/// Valid texts whose objects repeat a key.
const REPEATED_KEYS: [&str; 2] = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

/// Valid texts that stand on several lines, so that no line of them is valid by itself.
const SEVERAL_LINES: [&str; 2] = ["y_array_with_1_and_newline.json", "y_object_with_newlines.json"];

fn files() -> Option<BTreeMap<String, Vec<u8>>> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance"));
    let folder = std::env::var_os("JASSAY_CONFORMANCE").map_or(beside, PathBuf::from).join("JSONTestSuite/test_parsing");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: JSONTestSuite is not at {}; set JASSAY_CONFORMANCE to the folder that has it", folder.display());
        return None;
    };
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    };
    Some(entries.map(|entry| read(entry.unwrap().path())).filter(|(name, _)| name.ends_with(".json")).collect())
}

/// Names of the files with this prefix that pass whole: one record at least, and all valid.
fn accepted(config: &ProcessConfig, prefix: &str) -> Option<Vec<String>> {
    let files = files()?;
    let passes = |bytes: &Vec<u8>| {
        let (records, valid, ..) = outcome(&run_whole(config, bytes));
        records > 0 && records == valid && run_whole(config, bytes).termination() == jassay_engine::proto::Termination::Complete
    };
    Some(files.iter().filter(|(name, bytes)| name.starts_with(prefix) && passes(bytes)).map(|(name, _)| name.clone()).collect())
}

#[test]
fn document_accepts_all_valid_texts_where_keys_may_repeat() {
    let Some(accepted) = accepted(&allowing_duplicates(Document), "y_") else { return };
    assert_eq!(accepted.len(), 95);
}

#[test]
fn document_accepts_all_valid_texts_but_those_with_repeated_keys_by_default() {
    let Some(by_default) = accepted(&config(Document), "y_") else { return };
    let missing: Vec<_> =
        accepted(&allowing_duplicates(Document), "y_").unwrap().into_iter().filter(|name| !by_default.contains(name)).collect();
    assert_eq!(missing, REPEATED_KEYS);
}

#[test]
fn document_rejects_all_invalid_texts() {
    let Some(files) = files() else { return };
    assert_eq!(files.keys().filter(|name| name.starts_with("n_")).count(), 188);
    for config in [config(Document), allowing_duplicates(Document)] {
        assert_eq!(accepted(&config, "n_").unwrap(), Vec::<String>::new());
    }
}

#[test]
fn document_decides_the_open_texts_as_written_down() {
    let Some(accepted) = accepted(&allowing_duplicates(Document), "i_") else { return };
    assert_eq!(accepted, OPEN_ACCEPTED);
    assert_eq!(files().unwrap().keys().filter(|name| name.starts_with("i_")).count(), 35);
}

#[test]
fn ndjson_accepts_the_valid_texts_of_one_line() {
    let Some(accepted) = accepted(&allowing_duplicates(Ndjson), "y_") else { return };
    let expected: Vec<_> =
        files().unwrap().into_keys().filter(|name| name.starts_with("y_") && !SEVERAL_LINES.contains(&name.as_str())).collect();
    assert_eq!(accepted, expected);
}

fn assert_rejects_but(format: Format, prefix: &str, expected: &[&str]) {
    if let Some(accepted) = accepted(&allowing_duplicates(format), prefix) {
        assert_eq!(accepted, expected, "{format:?}");
    }
}

#[test]
fn other_formats_accept_of_the_invalid_texts_what_is_valid_in_them() {
    assert_rejects_but(Ndjson, "n_", &[]);
    // Two values, one after the other.
    assert_rejects_but(Concatenated, "n_", &["n_structure_double_array.json", "n_structure_object_with_trailing_garbage.json"]);
    assert_rejects_but(Array, "n_", &[]);
}

#[test]
fn concatenated_accepts_all_valid_texts() {
    let Some(accepted) = accepted(&allowing_duplicates(Concatenated), "y_") else { return };
    assert_eq!(accepted.len(), 95);
}

#[test]
fn array_accepts_the_valid_arrays_that_have_elements() {
    let Some(accepted) = accepted(&allowing_duplicates(Array), "y_") else { return };
    let has_elements = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).trim().to_owned();
        text.starts_with('[') && !text[1..].trim_start().starts_with(']')
    };
    let expected: Vec<_> = files()
        .unwrap()
        .into_iter()
        .filter(|(name, bytes)| name.starts_with("y_") && has_elements(bytes))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(accepted, expected);
}
