use super::*;
use ViolationCode::{Depth, DuplicateKey, InvalidUtf8, LoneSurrogate, Syntax};

const RULES: Rules = Rules { allow_duplicate_keys: false, max_depth: 1024, max_record_bytes: 1 << 28 };

fn judge(rules: Rules) -> Judge {
    Judge::new(rules, Arc::new(Budget::new(1 << 30)), Arc::default())
}

fn verdict(record: &[u8]) -> Judgement {
    judge(RULES).judge(record).unwrap()
}

/// Code, offset and pointer of the fault.
fn fault_of(rules: Rules, record: &[u8]) -> (ViolationCode, usize, String) {
    let mut judge = judge(rules);
    match judge.judge(record).unwrap() {
        Judgement::Invalid(fault) => (fault.code, fault.at, judge.pointer(record, &fault)),
        valid => panic!("{valid:?}: {}", String::from_utf8_lossy(record)),
    }
}

fn assert_fault(record: impl AsRef<[u8]>, code: ViolationCode, at: usize, pointer: &str) {
    let record = record.as_ref();
    let found = fault_of(RULES, record);
    assert_eq!(found, (code, at, pointer.to_owned()), "{}", String::from_utf8_lossy(record));
}

#[test]
fn judge_valid_texts_are_valid() {
    let valid = [
        "0",
        "-0",
        "-1.5e+10",
        "1E400",
        "123456789012345678901234567890",
        "0.10",
        "1e-07",
        "true",
        "false",
        "null",
        "\"\"",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[1,2]",
        "[[],{}]",
        " [\n1\t,\r2 ] ",
        "{\"a\":1,\"b\":{\"a\":1},\"\":[]}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\\ud83d\\uDE00\"",
        "\"\\u0000\"",
        "\"\u{7f}\u{80}\u{2028}\u{feff}\u{10ffff}\"",
        "{\"a\":[{\"a\":{\"a\":null}}]}",
    ];
    for record in valid {
        assert_eq!(verdict(record.as_bytes()), Judgement::Valid { duplicate_keys: 0 }, "{record}");
    }
}

#[test]
fn judge_values_that_are_none_fault_at_their_first_byte() {
    for record in ["x", "'a'", "NaN", "Infinity", "+1", ".5", "/", "#", "\u{feff}1", "\u{1e}{}", "\u{e9}", ",", "]", "}", ":"] {
        assert_fault(record, Syntax, 0, "");
    }
    assert_fault("[x]", Syntax, 1, "/0");
    assert_fault("[1,x]", Syntax, 3, "/1");
    assert_fault("[1,]", Syntax, 3, "/1");
    assert_fault("[,1]", Syntax, 1, "/0");
    assert_fault("{\"a\":}", Syntax, 5, "/a");
    assert_fault("{\"a\":x}", Syntax, 5, "/a");
    assert_fault("{\"a\":[0,{\"b\":NaN}]}", Syntax, 13, "/a/1/b");
}

#[test]
fn judge_numbers_fault_at_the_first_byte_that_cannot_follow() {
    for (record, at) in [
        ("01", 1),
        ("-01", 2),
        ("-", 1),
        ("-a", 1),
        ("1.", 2),
        ("1.x", 2),
        ("1.5.2", 3),
        ("1e", 2),
        ("1e+", 3),
        ("1e+x", 3),
        ("0x10", 1),
        ("1_000", 1),
        ("--1", 1),
        ("1-", 1),
        ("-Infinity", 1),
        ("1e5e5", 3),
    ] {
        assert_fault(record, Syntax, at, "");
        let inside = format!("[{record}");
        assert_fault(inside, Syntax, at + 1, "/0");
    }
}

#[test]
fn judge_numbers_and_literals_are_under_way_until_a_byte_that_ends_them() {
    // The offending byte does not end the scalar: the pointer is the value's.
    for record in
        ["{\"a\":1x}", "{\"a\":01}", "{\"a\":truex}", "{\"a\":nulL}", "{\"a\":1.", "{\"a\":tr", "{\"a\":12", "{\"a\":1\u{e9}}"]
    {
        assert_eq!(fault_of(RULES, record.as_bytes()).2, "/a", "{record}");
    }
    // It does: the pointer is the container's.
    for record in
        ["{\"a\":-}", "{\"a\":1.,", "{\"a\":1\"b\"}", "{\"a\":1:2}", "{\"a\":tru}", "{\"a\":1[", "{\"a\":1 2}", "{\"a\":1e }"]
    {
        assert_eq!(fault_of(RULES, record.as_bytes()).2, "", "{record}");
    }
}

#[test]
fn judge_literals_fault_at_the_first_other_letter() {
    for (record, at) in [("tru", 3), ("True", 0), ("trUe", 2), ("nul1", 3), ("falsey", 5), ("nullnull", 4), ("fals\u{e9}", 4)] {
        assert_fault(record, Syntax, at, "");
    }
}

#[test]
fn judge_containers_fault_where_a_separator_or_key_is_missing() {
    for (record, at) in [
        ("[1 2]", 3),
        ("[1}", 2),
        ("[1;2]", 2),
        ("{\"a\" 1}", 5),
        ("{\"a\",1}", 4),
        ("{\"a\":1 \"b\":2}", 7),
        ("{\"a\":1,}", 7),
        ("{\"a\":1]", 6),
        ("{a:1}", 1),
        ("{1:2}", 1),
        ("{'a':1}", 1),
        ("{,}", 1),
        ("{\"a\":1,,}", 7),
        ("{\"a\":1,2}", 7),
        ("{]", 1),
        ("[1]]", 3),
        ("{}}", 2),
        ("{} {}", 3),
        ("1 2", 2),
        ("[1]x", 3),
        ("\"a\"\"b\"", 3),
        ("[]\u{0}", 2),
        ("{\"a\"::1}", 5),
    ] {
        // After the second colon a value is due, so that is where the pointer goes.
        let pointer = if record.contains("::") { "/a" } else { "" };
        // A digit directly after a digit's end is still of the number.
        let pointer = if record == "[1;2]" { "/0" } else { pointer };
        assert_fault(record, Syntax, at, pointer);
    }
    assert_fault("[[1],[2,[3 4]]]", Syntax, 11, "/1/1");
}

#[test]
fn judge_unexpected_ends_fault_after_the_record() {
    for (record, pointer) in [
        ("", ""),
        ("[", "/0"),
        ("[1", "/0"),
        ("[1,", "/1"),
        ("[\"a\"", ""),
        ("{", ""),
        ("{\"a", ""),
        ("{\"a\"", ""),
        ("{\"a\":", "/a"),
        ("{\"a\":\"b", "/a"),
        ("{\"a\":\"b\"", ""),
        ("{\"a\":1,", ""),
        ("{\"a\":{\"b\":[", "/a/b/0"),
        ("\"\\", ""),
        ("\"\\u12", ""),
        ("[\"\\u", "/0"),
    ] {
        assert_fault(record, Syntax, record.len(), pointer);
    }
}

#[test]
fn judge_strings_fault_at_bare_control_characters_and_bad_escapes() {
    for control in 0..0x20u8 {
        assert_fault([b"[\"ab", &[control][..], b"\"]"].concat(), Syntax, 4, "/0");
    }
    for (record, at) in
        [("\"\\x\"", 2), ("\"\\'\"", 2), ("\"\\u12G4\"", 5), ("\"\\uX234\"", 3), ("\"\\U0041\"", 2), ("\"a\\\n\"", 3)]
    {
        assert_fault(record, Syntax, at, "");
    }
    // At a key, the pointer is the container's.
    assert_fault("{\"b\":{\"a\\x\":1}}", Syntax, 9, "/b");
}

#[test]
fn judge_plain_runs_of_every_length_find_the_byte_that_ends_them() {
    for length in 0..40 {
        for (ending, code) in [("\u{1}", Some(Syntax)), ("\"", None)] {
            for plain in ["a", "\u{e9}"] {
                let record = format!("\"{}{ending}", plain.repeat(length));
                match code {
                    Some(code) => assert_fault(&record, code, record.len() - 1, ""),
                    None => assert_eq!(verdict(record.as_bytes()), Judgement::Valid { duplicate_keys: 0 }),
                }
            }
        }
    }
}

#[test]
fn judge_half_a_surrogate_pair_faults_at_its_backslash() {
    for (record, at) in [
        ("\"\\ud800\"", 1),
        ("\"ab\\udc00\"", 3),
        ("\"\\ud800x\"", 1),
        ("\"\\ud800\\n\"", 1),
        ("\"\\ud800\\ud800\\udc00\"", 1),
        ("\"\\ud83d\\ude00\\ude00\"", 13),
        ("\"\\ud800", 1),
        ("\"\\ud800\\", 1),
        ("\"\\ud800\\u12\"", 1),
        ("\"\\uDFFF\\x\"", 1),
    ] {
        assert_fault(record, LoneSurrogate, at, "");
    }
    assert_fault("{\"a\":[\"\\ud800\"]}", LoneSurrogate, 7, "/a/0");
    assert_fault("{\"\\ud800\":1}", LoneSurrogate, 2, "");
    // Digits that are none come first.
    assert_fault("\"\\ud8x0\"", Syntax, 5, "");
}

#[test]
fn judge_bad_utf8_faults_at_the_sequence_unless_something_before_it_does() {
    let bad: [&[u8]; 9] = [
        b"\xff",
        b"\x80",
        b"\xc0\xaf",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xe0\x80\xaf",
        b"\xc3",
    ];
    for sequence in bad {
        assert_fault([b"[0,\"ab", sequence, b"\"]"].concat(), InvalidUtf8, 6, "/1");
        assert_fault([b"{\"a", sequence, b"\":1}"].concat(), InvalidUtf8, 3, "");
        // Where it would be a fault of syntax too, it is this one.
        assert_fault([b"{\"a\":", sequence].concat(), InvalidUtf8, 5, "/a");
        assert_fault([b"{\"a\":1", sequence].concat(), InvalidUtf8, 6, "/a");
        assert_fault([b"{\"a\":1 ", sequence].concat(), InvalidUtf8, 7, "");
        assert_fault([b"1", sequence].concat(), InvalidUtf8, 1, "");
        assert_fault([b"{} ", sequence].concat(), InvalidUtf8, 3, "");
        // A fault before it wins.
        assert_fault([b"[x\"", sequence, b"\"]"].concat(), Syntax, 1, "/0");
        assert_fault([b"\"\\ud800", sequence, b"\""].concat(), LoneSurrogate, 1, "");
        assert_fault([b"{\"a\":1,\"a\":\"", sequence, b"\"}"].concat(), DuplicateKey, 7, "/a");
        // A key that it cuts is no key yet.
        assert_fault([b"{\"a\":1,\"a", sequence, b"\":2}"].concat(), InvalidUtf8, 9, "");
    }
}

#[test]
fn judge_utf8_across_the_windows_it_is_checked_in_is_seen_whole() {
    for shift in 0..4 {
        let mut record = vec![b'"'];
        record.extend(vec![b'a'; WATCH_BYTES - 3 + shift]);
        record.extend("\u{1f600}".repeat(WATCH_BYTES / 4).bytes());
        record.push(b'"');
        assert_eq!(verdict(&record), Judgement::Valid { duplicate_keys: 0 });
        let last = record.len() - 2;
        record[last] = b'b';
        assert_fault(&record, InvalidUtf8, last - 3, "");
    }
}

#[test]
fn judge_repeated_keys_fault_at_the_second_opening_quote() {
    assert_fault("{\"a\":1,\"a\":2}", DuplicateKey, 7, "/a");
    assert_fault("{\"\":1,\"\":2}", DuplicateKey, 6, "/");
    assert_fault("{\"a\":1,\"\\u0061\":2}", DuplicateKey, 7, "/a");
    assert_fault("{\"b\":[{\"a\":1, \"x\":{\"a\":1}, \"a\":2}]}", DuplicateKey, 27, "/b/0/a");
    assert_fault("{\"\u{e9}\":1,\"\\u00E9\":2}", DuplicateKey, 8, "/\u{e9}");
    // Equal bytes in different objects are no repetition.
    assert_eq!(verdict(b"[{\"a\":{\"a\":1}},{\"a\":2}]"), Judgement::Valid { duplicate_keys: 0 });
}

#[test]
fn judge_repeated_keys_where_allowed_are_counted() {
    let rules = Rules { allow_duplicate_keys: true, ..RULES };
    let record = b"{\"a\":1,\"a\":2,\"a\":3,\"b\":{\"c\":1,\"c\":2}}";
    assert_eq!(judge(rules).judge(record).unwrap(), Judgement::Valid { duplicate_keys: 3 });
    assert_eq!(fault_of(rules, b"{\"a\":1,\"a\":x}"), (Syntax, 11, "/a".to_owned()));
}

#[test]
fn judge_depth_at_the_limit_is_valid_and_one_more_faults_at_its_bracket() {
    for max_depth in [1, 2, 1024] {
        let rules = Rules { max_depth, ..RULES };
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let at = max_depth as usize;
        assert!(matches!(judge(rules).judge(nested(at).as_bytes()).unwrap(), Judgement::Valid { .. }));
        let (code, found_at, _) = fault_of(rules, nested(at + 1).as_bytes());
        assert_eq!((code, found_at), (Depth, at));
    }
    let rules = Rules { max_depth: 2, ..RULES };
    assert_eq!(fault_of(rules, b"{\"a\":[1,{}]}"), (Depth, 8, "/a/1".to_owned()));
    // A bracket that could not stand there anyway is a fault of syntax.
    assert_eq!(fault_of(rules, b"{\"a\":[1 {}]}"), (Syntax, 8, "/a".to_owned()));
    assert_eq!(fault_of(rules, b"[[]x[[["), (Syntax, 3, String::new()));
}

#[test]
fn judge_after_a_fault_starts_afresh() {
    let mut judge = judge(RULES);
    let wide = (0..100).map(|i| format!("\"k{i}\":{i}")).collect::<Vec<_>>().join(",");
    for _ in 0..3 {
        assert!(matches!(judge.judge(format!("[[{{{wide},").as_bytes()).unwrap(), Judgement::Invalid(_)));
        assert!(matches!(judge.judge(format!("{{{wide}}}").as_bytes()).unwrap(), Judgement::Valid { .. }));
    }
}

#[test]
fn judge_cancelled_halts_in_long_runs_of_every_kind() {
    let long = 4 * WATCH_BYTES;
    let records = [
        format!("\"{}\"", "a".repeat(long)),
        "1".repeat(long),
        format!("[{}1]", " ".repeat(long)),
        format!("[{}1]", "1,".repeat(long)),
    ];
    for record in records {
        let cancelled = Arc::new(AtomicBool::new(true));
        let mut judge = Judge::new(RULES, Arc::new(Budget::new(1 << 30)), cancelled);
        assert_eq!(judge.judge(record.as_bytes()), Err(Halt::Cancelled));
    }
}

#[test]
fn judge_keys_beyond_the_budget_are_refused() {
    let record = format!("{{{}}}", (0..10_000).map(|i| format!("\"k{i}\":0")).collect::<Vec<_>>().join(","));
    let mut judge = Judge::new(RULES, Arc::new(Budget::new(100_000)), Arc::default());
    assert!(matches!(judge.judge(record.as_bytes()), Err(Halt::MemoryRefused(_))));
}

#[test]
fn pointer_escapes_keys_as_rfc_6901_says_and_path_stars_too() {
    let record = b"{\"a/b~c*\":[0,{\"\\u0041\":x}]}";
    let mut judge = judge(RULES);
    let Judgement::Invalid(fault) = judge.judge(record).unwrap() else { panic!() };
    assert_eq!(judge.pointer(record, &fault), "/a~1b~0c*/1/A");
    let mut path = String::new();
    judge.path(record, &fault, &mut path);
    assert_eq!(path, "/a~1b~0c~2/*/A");
}

/// Pointer and path of a fault inside containers with these keys.
fn places(keys: &[&str]) -> (String, String) {
    let record = keys.iter().map(|key| format!("{{\"{key}\":")).collect::<String>() + "x";
    let mut judge = judge(RULES);
    let Judgement::Invalid(fault) = judge.judge(record.as_bytes()).unwrap() else { panic!() };
    let mut path = String::new();
    judge.path(record.as_bytes(), &fault, &mut path);
    (judge.pointer(record.as_bytes(), &fault), path)
}

#[test]
fn pointer_at_its_bound_is_whole_and_beyond_ends_in_an_ellipsis() {
    let at_bound = "k".repeat(511);
    assert_eq!(places(&[&at_bound]).0, format!("/{at_bound}"));
    let beyond = places(&[&"k".repeat(512)]).0;
    assert!(beyond.len() <= 512 && beyond.ends_with("k\u{2026}"), "{beyond}");
    let wide = places(&[&"\u{20ac}".repeat(400)]).0;
    assert!(wide.len() <= 512 && wide.ends_with("\u{20ac}\u{2026}"));
    let escaped = places(&[&"\\u20ac".repeat(100_000)]).0;
    assert_eq!(escaped, wide);
}

#[test]
fn path_at_its_bound_is_whole_and_a_key_beyond_counts_as_a_star() {
    let at_bound = "k".repeat(1023);
    assert_eq!(places(&[&at_bound]).1, format!("/{at_bound}"));
    assert_eq!(places(&[&"k".repeat(1024)]).1, "/*");
    assert_eq!(places(&[&"k".repeat(1_000_000), "a"]).1, "/*/a");
    assert_eq!(places(&["a", &"\\u0041".repeat(1022), "b"]).1, "/a/*/b");
    // Not even a star fits: what is deeper is left out.
    let deep = "[".repeat(600);
    let mut judge = judge(RULES);
    let Judgement::Invalid(fault) = judge.judge(deep.as_bytes()).unwrap() else { panic!() };
    let mut path = String::new();
    judge.path(deep.as_bytes(), &fault, &mut path);
    assert_eq!(path, "/*".repeat(512));
}

#[test]
fn detail_tells_what_was_expected_and_what_is_there() {
    let message = |record: &[u8]| match verdict(record) {
        Judgement::Invalid(fault) => fault.detail.to_string(),
        valid => panic!("{valid:?}"),
    };
    assert_eq!(message(b"{\"a\":1,}"), "expected a key in double quotes, found '}'");
    assert_eq!(message(b"[1 2]"), "expected ',' or ']', found '2'");
    assert_eq!(message(b"[1"), "expected ',' or ']', but the record ends here");
    assert_eq!(message(b"\"\n\""), "expected control characters in a string to be escaped, found byte 0x0A");
    assert_eq!(message("\u{e9}".as_bytes()), "expected a value, found byte 0xC3");
    assert_eq!(message(b"{'a': 1}"), "expected a key in double quotes or '}', found a single quote");
    assert_eq!(message(b"\"\\udead\""), "\\uDEAD is half of a surrogate pair, without the other half");
}
