//! Framing, termination and detection, rule by rule.
#![allow(missing_docs)]

mod common;

use common::*;
use jassay_engine::proto::Format::{Array, Concatenated, Document, Ndjson, Unspecified};
use jassay_engine::proto::Termination::{Complete, InputTruncated, UnrecoverableSyntax, UnsupportedEncoding};
use jassay_engine::proto::ViolationCode::{EmptyElement, InvalidUtf8, Oversize, Syntax};
use jassay_engine::proto::{Format, WarningCode};

fn warnings(result: &jassay_engine::proto::ProcessResult) -> Vec<WarningCode> {
    result.warnings.iter().map(|warning| warning.code()).collect()
}

#[test]
fn ndjson_lines_end_at_line_feeds_only() {
    let result = judge(Ndjson, "{\"a\":1}\r\n\n [2] \n\r\n3\n\t\n\"x\"");
    assert_eq!(outcome(&result), (4, 4, Complete, None));
    assert_eq!(counts(&result).blank_lines, 3);
    assert_eq!(counts(&result).bytes, 25);
    // A carriage return alone is white space.
    assert_eq!(found(&judge(Ndjson, "1\r2\n")), [(Syntax, 0, 1, 0, 3, 2)]);
}

#[test]
fn ndjson_goes_on_after_a_bad_line() {
    let bytes: &[u8] = b"{\"a\":\"\n1\n  [1,2\n\n2\n\xff\n";
    let result = judge(Ndjson, bytes);
    assert_eq!(outcome(&result), (5, 2, Complete, None));
    assert_eq!(found(&result), [(Syntax, 0, 1, 0, 6, 6), (Syntax, 2, 3, 11, 4, 15), (InvalidUtf8, 4, 6, 19, 1, 19)]);
    let groups: Vec<_> = result.groups.iter().map(|g| (g.code(), g.path.as_str(), g.count, g.first_record)).collect();
    assert_eq!(groups, [(Syntax, "/*", 1, 2), (Syntax, "/a", 1, 0), (InvalidUtf8, "", 1, 4)]);
}

#[test]
fn ndjson_white_space_after_the_last_line_feed_is_no_line() {
    let result = judge(Ndjson, "1\n \t");
    assert_eq!((outcome(&result), counts(&result).blank_lines), ((1, 1, Complete, None), 0));
}

#[test]
fn empty_and_blank_input_pass_with_a_warning() {
    for format in [Unspecified, Ndjson, Array, Concatenated] {
        for input in ["", " ", "\r\n"] {
            let result = judge(format, input);
            assert_eq!(outcome(&result), (0, 0, Complete, None), "{format:?} {input:?}");
            assert_eq!(warnings(&result), [WarningCode::EmptyInput]);
            let decided = if format == Unspecified { Ndjson } else { format };
            assert_eq!(result.format(), decided);
        }
    }
    assert_eq!(warnings(&judge(Array, "[ \n]")), [WarningCode::EmptyInput]);
    assert_eq!(warnings(&judge(Array, "}")), []);
}

#[test]
fn byte_order_mark_at_the_start_is_skipped_with_a_warning() {
    for format in [Unspecified, Ndjson, Concatenated, Document] {
        let result = judge(format, "\u{feff}{\"a\":x}");
        assert_eq!(warnings(&result), [WarningCode::Bom]);
        assert_eq!(found(&result), [(Syntax, 0, 1, 3, 7, 8)]);
    }
    assert_eq!(outcome(&judge(Unspecified, "\u{feff}[1]")), (1, 1, Complete, None));
    assert_eq!(warnings(&judge(Ndjson, "\u{feff}")), [WarningCode::Bom, WarningCode::EmptyInput]);
    // Elsewhere it is a byte like others.
    assert_eq!(found(&judge(Ndjson, "\u{feff}\u{feff}1")), [(Syntax, 0, 1, 3, 4, 3)]);
    assert_eq!(found(&judge(Ndjson, "1\n\u{feff}1")), [(Syntax, 1, 2, 2, 4, 2)]);
}

#[test]
fn other_encodings_end_every_format_at_once() {
    for format in [Unspecified, Ndjson, Array, Concatenated, Document] {
        for input in
            [&b"\xff\xfe[\0"[..], b"\xfe\xff\0[", b"[\0]\0", b"\0[\0]", b"[\0\0\0", b"\0\0\0[", b"\0\0\xfe\xff", b"\xff\xfe"]
        {
            let result = judge(format, input);
            assert_eq!(outcome(&result), (0, 0, UnsupportedEncoding, Some(0)), "{format:?} {input:?}");
            assert_eq!(counts(&result).bytes, 0);
            assert_eq!(warnings(&result), []);
        }
    }
}

#[test]
fn array_elements_are_the_records() {
    let result = judge(Array, " [ {\"a\":[1,2]} ,\n[\"],[\"],3 , \"\\\"\" ]\n ");
    assert_eq!(outcome(&result), (4, 4, Complete, None));
}

#[test]
fn array_empty_elements_are_invalid_but_an_empty_array_is_none() {
    assert_eq!(outcome(&judge(Array, "[]")), (0, 0, Complete, None));
    let result = judge(Array, "[, 1,\n ,2, ]");
    assert_eq!(outcome(&result), (5, 2, Complete, None));
    assert_eq!(found(&result), [(EmptyElement, 0, 1, 1, 0, 1), (EmptyElement, 2, 2, 7, 0, 7), (EmptyElement, 4, 2, 11, 0, 11)]);
    assert!(result.violations.iter().all(|v| v.instance_pointer.is_empty() && v.preview.is_empty() && !v.preview_truncated));
}

#[test]
fn array_goes_on_after_a_bad_element() {
    let result = judge(Array, "[1 2,{\"a\":}, [}, 3,{]{},4]");
    assert_eq!(
        found(&result),
        [(Syntax, 0, 1, 1, 3, 3), (Syntax, 1, 1, 5, 6, 10), (Syntax, 2, 1, 13, 2, 14), (Syntax, 4, 1, 19, 4, 20)]
    );
    assert_eq!(outcome(&result), (6, 2, Complete, None));
}

#[test]
fn array_that_is_none_or_goes_on_stops_there() {
    assert_eq!(outcome(&judge(Array, "  {\"a\":1}")), (0, 0, UnrecoverableSyntax, Some(2)));
    assert_eq!(outcome(&judge(Array, "[1,2] ,3")), (2, 2, UnrecoverableSyntax, Some(6)));
    assert_eq!(outcome(&judge(Array, "[1,2]]")), (2, 2, UnrecoverableSyntax, Some(5)));
    assert_eq!(outcome(&judge(Array, "[1,2}")), (2, 2, UnrecoverableSyntax, Some(4)));
    assert_eq!(outcome(&judge(Array, "[1, }")), (1, 1, UnrecoverableSyntax, Some(4)));
    assert_eq!(outcome(&judge(Array, "[ }")), (0, 0, UnrecoverableSyntax, Some(2)));
    assert_eq!(outcome(&judge(Array, "[x }")), (1, 0, UnrecoverableSyntax, Some(3)));
    assert_eq!(counts(&judge(Array, "[1,2] ,3")).bytes, 6);
}

#[test]
fn array_cut_off_judges_closed_elements_as_they_stand_and_others_as_invalid() {
    let cases: [(&str, u64, u64); 12] = [
        ("[", 0, 0),
        ("[1,", 1, 1),
        ("[1, ", 1, 1),
        ("[{\"a\":1}", 1, 1),
        ("[{\"a\":1} ", 1, 1),
        ("[{\"a\":1}x", 1, 0),
        ("[{}{", 1, 0),
        ("[12", 1, 0),
        ("[\"ab\"", 1, 0),
        ("[\"ab", 1, 0),
        ("[1,{\"a\":", 2, 1),
        ("[true ", 1, 0),
    ];
    for (input, records, valid) in cases {
        let result = judge(Array, input);
        assert_eq!(outcome(&result), (records, valid, InputTruncated, Some(input.len() as u64)), "{input}");
    }
    assert_eq!(found(&judge(Array, "[12 ")), [(Syntax, 0, 1, 1, 2, 3)]);
    assert_eq!(found(&judge(Array, "[{\"a\":")), [(Syntax, 0, 1, 1, 5, 6)]);
}

#[test]
fn concatenated_values_follow_one_another_with_or_without_white_space() {
    let result = judge(Concatenated, "{\"a\":1}{\"b\":\n2}[1]\"x\"\"y\"1 2\n3true{}null[]");
    // `3true` is one value that is none.
    assert_eq!(outcome(&result), (11, 10, Complete, None));
    assert_eq!(found(&result), [(Syntax, 7, 3, 28, 5, 29)]);
}

#[test]
fn concatenated_separators_are_records_of_one_byte() {
    let result = judge(Concatenated, "1,2:]}{},");
    assert_eq!(outcome(&result), (8, 3, Complete, None));
    assert_eq!(
        found(&result),
        [
            (Syntax, 1, 1, 1, 1, 1),
            (Syntax, 3, 1, 3, 1, 3),
            (Syntax, 4, 1, 4, 1, 4),
            (Syntax, 5, 1, 5, 1, 5),
            (Syntax, 7, 1, 8, 1, 8)
        ]
    );
}

#[test]
fn concatenated_cut_off_inside_a_container_or_string_is_truncated() {
    assert_eq!(outcome(&judge(Concatenated, "1 {\"a\":1")), (2, 1, InputTruncated, Some(8)));
    assert_eq!(outcome(&judge(Concatenated, "1 \"ab ")), (2, 1, InputTruncated, Some(6)));
    assert_eq!(found(&judge(Concatenated, "1 \"ab ")), [(Syntax, 1, 1, 2, 3, 5)]);
    // A scalar needs no end of its own.
    assert_eq!(outcome(&judge(Concatenated, "1 12")), (2, 2, Complete, None));
}

#[test]
fn concatenated_other_bytes_are_records() {
    let result = judge(Concatenated, "\u{1e}{\"a\":1}\n\u{1e}{\"a\":2}");
    assert_eq!(outcome(&result), (4, 2, Complete, None));
}

#[test]
fn quotes_after_an_odd_number_of_backslashes_open_and_close_nothing() {
    // Outside a string: the quote does not open one, so the comma separates.
    assert_eq!(outcome(&judge(Array, "[\\\",1]")), (2, 1, Complete, None));
    assert_eq!(outcome(&judge(Array, "[\\\\\",1]\"]")), (1, 0, Complete, None));
    assert_eq!(outcome(&judge(Array, "[\"\\\\\\\"],[\\\\\",1]")), (2, 2, Complete, None));
    // A bracket after a backslash counts outside a string.
    assert_eq!(outcome(&judge(Array, "[\\[1,2],3]")), (2, 1, Complete, None));
    // It ends no scalar.
    assert_eq!(found(&judge(Concatenated, "x\\\"y 1")), [(Syntax, 0, 1, 0, 4, 0)]);
    assert_eq!(outcome(&judge(Concatenated, "x\\\\\"y\" 1")), (3, 2, Complete, None));
}

#[test]
fn document_is_one_record_whatever_comes() {
    assert_eq!(outcome(&judge(Document, " {\"a\":\n1} \n")), (1, 1, Complete, None));
    assert_eq!(found(&judge(Document, "\n{} {}")), [(Syntax, 0, 2, 1, 5, 4)]);
    assert_eq!(found(&judge(Document, " [1,")), [(Syntax, 0, 1, 1, 3, 4)]);
    assert_eq!(found(&judge(Document, "")), [(Syntax, 0, 1, 0, 0, 0)]);
    assert_eq!(found(&judge(Document, " \n ")), [(Syntax, 0, 2, 3, 0, 3)]);
    assert_eq!(found(&judge(Document, "\u{feff}")), [(Syntax, 0, 1, 3, 0, 3)]);
}

#[test]
fn detection_decides_by_the_beginning() {
    let cases: [(&str, Format); 27] = [
        ("[1]", Array),
        (" \n [", Array),
        ("\u{feff}[1]", Array),
        ("{\"a\":1}\n{\"a\":2}", Ndjson),
        ("{\n", Concatenated),
        ("{", Concatenated),
        ("{ \r\n \"a\": 1}", Concatenated),
        ("{\"a\": {\n", Concatenated),
        ("{\"a\": [ \n1]}", Concatenated),
        ("{\"a\": 1,\n \"b\": 2}", Concatenated),
        ("{\"a\": 1\n}", Concatenated),
        ("{\"a\": [1\n]}", Concatenated),
        ("{\"a\": 1,\n\n\t\"b\": 2}", Concatenated),
        ("{\"a\": 1,\n{\"a\": 2}", Ndjson),
        ("{\"a\":\n1}", Ndjson),
        ("{\"a\": 1", Ndjson),
        ("{\"a\": 1,\n", Ndjson),
        ("{\"a\": 1}{\"a\":\n\"b\"}", Concatenated),
        ("{\"a\": \"[\n\"", Concatenated),
        ("{\"a\": \"[\n{", Ndjson),
        ("{\"a\": \"[", Ndjson),
        ("\"{\n", Ndjson),
        ("1\n[2]", Ndjson),
        ("}{\n\"a\"", Concatenated),
        ("{}{\n", Concatenated),
        ("{[}\\\"[\n", Concatenated),
        ("", Ndjson),
    ];
    for (input, format) in cases {
        assert_eq!(judge(Unspecified, input).format(), format, "{input:?}");
    }
}

#[test]
fn detection_at_its_bound_decides_and_beyond_is_ndjson() {
    const BOUND: usize = 1_048_576;
    let after = |padding: usize, end: &str| format!("{}{end}", " ".repeat(padding));
    assert_eq!(judge(Unspecified, after(BOUND - 1, "[]")).format(), Array);
    assert_eq!(judge(Unspecified, after(BOUND, "[]")).format(), Ndjson);
    // The byte order mark counts.
    assert_eq!(judge(Unspecified, format!("\u{feff}{}", after(BOUND - 4, "[]"))).format(), Array);
    assert_eq!(judge(Unspecified, format!("\u{feff}{}", after(BOUND - 3, "[]"))).format(), Ndjson);
    // The line feed, or the end of input, must be within.
    assert_eq!(judge(Unspecified, after(BOUND - 2, "{\n")).format(), Concatenated);
    assert_eq!(judge(Unspecified, after(BOUND - 1, "{\n")).format(), Ndjson);
    assert_eq!(judge(Unspecified, after(BOUND - 1, "{")).format(), Concatenated);
    // So must the byte after the line.
    let line = |padding: usize| format!("{{\"a\":1,{}\n\"b\":2}}", " ".repeat(padding));
    assert_eq!(judge(Unspecified, line(BOUND - 9)).format(), Concatenated);
    assert_eq!(judge(Unspecified, line(BOUND - 8)).format(), Ndjson);
}

#[test]
fn oversize_records_are_skipped_to_their_end() {
    for (format, input) in [
        (Ndjson, "[1]\n  [\"1234567890\"]  \n[2]\n"),
        (Array, "[[1]\n, [\"1234567890\"]  \n,[2]\n"),
        (Concatenated, "[1]\n  [\"1234567890\"]  \n[2]\n"),
    ] {
        let at = input.find("[\"").unwrap() as u64;
        for (max, oversize) in [(13, true), (14, false)] {
            let result = run_whole(&with_record_bytes(format, max), input);
            assert_eq!((counts(&result).records, counts(&result).oversize), (3, u64::from(oversize)), "{format:?}");
            if oversize {
                assert_eq!(found(&result), [(Oversize, 1, 2, at, 14, at + 13)]);
                assert_eq!(result.violations[0].preview, "[\"1234567890\"");
                assert!(result.violations[0].preview_truncated);
            }
        }
    }
    let result = run_whole(&with_record_bytes(Document, 3), " [1,2] ");
    assert_eq!(found(&result), [(Oversize, 0, 1, 1, 5, 4)]);
}
