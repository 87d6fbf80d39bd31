//! The elements of an array inside a document: how it is found, what ends the stream, and that an oracle too simple to be wrong says so too.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::compress::*;
use common::*;
use jassay_engine::proto::Format::{Array, Unspecified};
use jassay_engine::proto::Termination::{Complete, InputTruncated, UnrecoverableSyntax, UnsupportedEncoding};
use jassay_engine::proto::ViolationCode::{EmptyElement, Syntax};
use jassay_engine::proto::{ProcessConfig, ProcessResult, Report, Termination, WarningCode};
use jassay_engine::{Engine, Plan, Session};
use prost::Message;
use std::sync::Arc;

fn at(records_path: &str) -> ProcessConfig {
    ProcessConfig { records_path: records_path.to_owned(), ..config(Unspecified) }
}

/// Records, valid ones, termination and where it stopped; the same for every cut.
fn ending(records_path: &str, input: impl AsRef<[u8]>) -> (u64, u64, Termination, Option<u64>) {
    let (config, input, engine) = (at(records_path), input.as_ref(), engine(1));
    let whole = run(&engine, &config, [input]);
    assert_eq!(run(&engine, &config, input.chunks(1)), whole);
    for cut in 0..=input.len() {
        let (head, tail) = input.split_at(cut);
        assert_eq!(run(&engine, &config, [head, tail]), whole, "cut at {cut}");
    }
    outcome(&whole)
}

fn warnings(result: &ProcessResult) -> Vec<WarningCode> {
    result.warnings.iter().map(|warning| warning.code()).collect()
}

#[test]
fn elements_of_the_array_are_the_records_where_they_stand_in_the_document() {
    let input =
        "{\"meta\": {\"items\": [0]},\n \"data\": {\"n\": 2,\n \"items\": [{\"a\":1},\n {\"b\": x}, ,3]}, \"next\": null}\n";
    let result = run_whole(&at("/data/items"), input);
    assert_eq!(outcome(&result), (4, 2, Complete, None));
    assert_eq!((result.format(), counts(&result).bytes), (Array, input.len() as u64));
    let (bad, none) = (input.find("{\"b\"").unwrap() as u64, input.find(",3").unwrap() as u64);
    assert_eq!(found(&result), [(Syntax, 1, 4, bad, 8, bad + 6), (EmptyElement, 2, 4, none, 0, none)]);
    assert_eq!(result.violations[0].instance_pointer, "/b");
}

#[test]
fn format_declared_as_an_array_changes_nothing() {
    let input = "{\"a\":[1,x]}";
    let declared = ProcessConfig { format: Array.into(), ..at("/a") };
    assert_eq!(run_whole(&declared, input), run_whole(&at("/a"), input));
}

#[test]
fn array_in_containers_of_all_kinds_is_found() {
    for (path, input) in [
        ("/a", "{\"a\":[1,2]}"),
        ("/a/b/c", "{\"a\":{\"b\":{\"c\":[1,2]}}}"),
        ("/0", "[[1,2]]"),
        ("/2/1", "[[],{\"1\":[5]},[0,[1,2]],3]"),
        ("/1/a", " [ { \"a\" : [ 5 ] } , { \"b\" : \"]}\" , \"a\" : [ 1 , 2 ] , \"c\" : { } } , \"[\" ] "),
        ("/", "{\"\":[1,2]}"),
        ("//", "{\"\":{\"a\":1,\"\":[1,2]}}"),
        ("/~0~1", "{\"~\":[],\"/\":[],\"~0~1\":[],\"~/\":[1,2]}"),
        ("/10", "[0,1,2,3,4,5,6,7,8,9,[1,2]]"),
        ("/10", "{\"1\":[],\"10\":[1,2]}"),
        ("/-", "{\"-\":[1,2]}"),
        ("/k\u{e4}se/\u{1f600}", "{\"k\\u00e4s\":{},\"k\\u00E4se\":{\"\\ud83d\":[],\"\\ud83d\\ude00\":[1,2]}}"),
        ("/\u{1f600}", "{\"\u{1f600}\":[1,2]}"),
        ("/\"\\\n", "{\"\\\"\\\\\\n\":[1,2]}"),
        ("/a", "{\"\\\"a\":[],\"b\":\"\\\"}\",\"c\":\"\\\\\",\"\\u0061\":[1,2],\"d\":[\"{\"]}"),
    ] {
        assert_eq!(ending(path, input), (2, 2, Complete, None), "{path} in {input}");
    }
}

#[test]
fn array_as_deep_as_a_path_may_lead_is_found() {
    let nested = |depth: usize| format!("{}[1,2]{}", "{\"b\":[],\"a\":[0,".repeat(depth), "]}".repeat(depth));
    assert_eq!(ending(&"/a/1".repeat(32), nested(32)), (2, 2, Complete, None));
    assert_eq!(ending(&"/a/1".repeat(32), nested(31)), (0, 0, UnrecoverableSyntax, Some(31 * 15)));
    // The way is no part of a record's depth.
    let shallow = ProcessConfig {
        validation: Some(jassay_engine::proto::Validation { max_depth: 1, ..Default::default() }),
        ..at(&"/a/1".repeat(32))
    };
    assert_eq!(outcome(&run_whole(&shallow, nested(32))), (2, 2, Complete, None));
}

#[test]
fn array_that_is_not_there_ends_the_stream_where_that_shows() {
    for (path, input, stopped_at) in [
        ("/a", "{}", 1),
        ("/a", " {\"b\":[1], \"A\":[1]} ", 18),
        ("/a/b", "{\"a\":{\"c\":[1]},\"b\":[1]}", 13),
        ("/1", "[[1]]", 4),
        ("/0", "[]", 1),
        ("/99999999999999999999", "[1]", 2),
        // What the path leads to is no array.
        ("/a", "{\"a\": {}}", 6),
        ("/a", "{\"a\":null, \"a\":[1]}", 5),
        ("/a", "{\"a\":\"[1]\"}", 5),
        // What it would have to lead into is no container, or has other segments.
        ("/a", "5", 0),
        ("/a", "  \"a\"", 2),
        ("/a/b", "{\"a\":1}", 5),
        ("/a", "[[1]]", 0),
        ("/-", "[[1]]", 0),
        ("/00", "[[1]]", 0),
        ("/a/01", "{\"a\":[[1],[1]]}", 5),
    ] {
        assert_eq!(ending(path, input), (0, 0, UnrecoverableSyntax, Some(stopped_at)), "{path} in {input}");
    }
}

#[test]
fn bytes_that_cannot_follow_on_the_path_end_the_stream() {
    for input in [
        "^,{\"a\":[1]}",
        "{^a:[1]}",
        "{\"b\" ^1}",
        "{\"b\":^,\"a\":[1]}",
        "{\"b\":1,^}",
        "{\"b\":1,^,\"a\":[1]}",
        "{\"b\":1^]",
        "{^]",
        "{^,}",
        "{\"b\":^}",
        "{\"b^\n\":1}",
        "{\"\\^x\":1}",
        "{\"\\u00^g0\":1}",
        "{\"a\":^:[1]}",
        "{\"b\":[}^]]",
        "\u{feff}^x",
    ] {
        let stopped_at = input.find('^').unwrap();
        let (before, after) = input.split_at(stopped_at);
        let input = format!("{before}{}", &after[1..]);
        assert_eq!(ending("/a", &input), (0, 0, UnrecoverableSyntax, Some(stopped_at as u64)), "{input}");
    }
    for input in ["[1,^]", "[1,^,2]", "[1^}", "[^,[1]]", "[^}"] {
        let stopped_at = input.find('^').unwrap() as u64;
        assert_eq!(ending("/1", input.replace('^', "")), (0, 0, UnrecoverableSyntax, Some(stopped_at)), "{input}");
    }
}

#[test]
fn what_follows_the_array_is_walked_to_the_end_of_the_document() {
    for (input, expected) in [
        ("{\"a\":[1] ^x}", UnrecoverableSyntax),
        ("{\"a\":[1]^]", UnrecoverableSyntax),
        ("{\"a\":[1^}", UnrecoverableSyntax),
        ("{\"a\":[1]^:", UnrecoverableSyntax),
        ("{\"a\":[1],^}", UnrecoverableSyntax),
        ("{\"a\":[1],\"b\"^}", UnrecoverableSyntax),
        ("{\"a\":[1]} ^}", UnrecoverableSyntax),
        ("{\"a\":[1]}\n^{}", UnrecoverableSyntax),
        ("{\"a\":[1]^", InputTruncated),
        ("{\"a\":[1] ^", InputTruncated),
        ("{\"a\":[1],\"b\":[{}^", InputTruncated),
        ("{\"a\":[1],\"b\":\"}^", InputTruncated),
        ("{\"a\":[1],\"b^", InputTruncated),
    ] {
        let (stopped_at, input) = (input.find('^').unwrap() as u64, input.replace('^', ""));
        assert_eq!(ending("/a", &input), (1, 1, expected, Some(stopped_at)), "{input}");
    }
    assert_eq!(ending("/a", "{\"a\":[1], \"b\": nul [{] \"]\"} {{}} ,\"c\":\"\\\"}\"} \n"), (1, 1, Complete, None));
}

#[test]
fn path_that_stands_twice_ends_the_stream_at_the_second_key() {
    for (path, input) in [
        ("/a", "{\"a\":[1,x],^\"a\":[2]}"),
        ("/a", "{\"a\":[1,x],\"b\":{\"a\":1}, ^\"\\u0061\" :5}"),
        ("/a", "{\"a\":[1,x],^\"a\""),
        ("/a/b", "{\"a\":{\"b\":[1,x], ^\"b\":1}}"),
        ("/a/b", "{\"a\":{\"b\":[1,x],\"a\":1}, \"b\":1, ^\"a\":{}}"),
        ("/0/b/0", "[{\"b\":[[1,x],2],\"c\":[], ^\"b\":[]}, 3]"),
    ] {
        let (stopped_at, input) = (input.find('^').unwrap() as u64, input.replace('^', ""));
        assert_eq!(ending(path, &input), (2, 1, UnrecoverableSyntax, Some(stopped_at)), "{path} in {input}");
        let allowed = ProcessConfig { records_path: path.to_owned(), ..allowing_duplicates(Array) };
        assert_eq!(run_whole(&allowed, &input), run_whole(&at(path), &input));
    }
    // Before the array no key that matches can come, and other keys may.
    assert_eq!(ending("/a/b", "{\"c\":1,\"c\":2,\"a\":{\"b\":[1],\"a\":1,\"a\":2},\"b\":1,\"b\":2}"), (1, 1, Complete, None));
}

#[test]
fn input_cut_off_is_truncated_with_what_the_array_has() {
    let input = "{\"x\": [\"\\\"\"], \"d\\u0061ta\": {\"items\": [{\"a\": 1}, 22]}}";
    let array = input.find("[{").unwrap();
    for length in 1..input.len() {
        let cut = &input[..length];
        let elements = if length > array { &cut[array..] } else { "[" };
        let (records, valid, ..) = outcome(&judge(Array, elements));
        assert_eq!(ending("/data/items", cut), (records, valid, InputTruncated, Some(length as u64)), "{cut}");
    }
    assert_eq!(ending("/data/items", input), (2, 2, Complete, None));
}

#[test]
fn empty_array_and_blank_input_have_no_records() {
    for input in ["{\"a\":[]}", "{\"a\":[ \n]}", "", " \n "] {
        let result = run_whole(&at("/a"), input);
        assert_eq!(outcome(&result), (0, 0, Complete, None));
        assert_eq!((warnings(&result), result.format()), (vec![WarningCode::EmptyInput], Array));
    }
    assert_eq!(warnings(&run_whole(&at("/a"), "{\"b\":[]}")), []);
}

#[test]
fn byte_order_mark_before_the_document_is_skipped() {
    let result = run_whole(&at("/a"), "\u{feff}{\"a\":[1,x]}");
    assert_eq!((warnings(&result), found(&result)), (vec![WarningCode::Bom], vec![(Syntax, 1, 1, 11, 1, 11)]));
    assert_eq!(ending("/a", "\u{feff} 1"), (0, 0, UnrecoverableSyntax, Some(4)));
    assert_eq!(ending("/a", b"\xff\xfe{\0"), (0, 0, UnsupportedEncoding, Some(0)));
}

#[test]
fn parts_of_a_session_are_each_a_document() {
    let mut session = Session::new(engine(1), Arc::new(Plan::compile(&at("/a").encode_to_vec()).unwrap()));
    for (number, input, records) in [(0, "{\"a\":[1,2]}", 2), (1, "{\"b\":0,\"a\":[3", 1), (2, "{\"a\":[]}", 0)] {
        session.feed(input.as_bytes()).unwrap();
        assert_eq!(session.end_part(number, input).unwrap().records, records);
    }
}

#[test]
fn states_merge_as_those_of_other_arrays() {
    let of = |path: &str, part: u32, input: &str| state(&engine(1), &ProcessConfig { part: Some(part), ..at(path) }, input);
    let (first, second) = (of("/a", 0, "{\"a\":[1,x]}"), of("", 1, "[2,y]"));
    let (result, _) = merge(&engine(1), [&first[..], &second[..]]).unwrap();
    assert_eq!(outcome(&result), (4, 2, Complete, None));
    assert_eq!(found(&result), [(Syntax, 1, 1, 8, 1, 8), (Syntax, 3, 1, 14, 1, 14)]);
}

#[test]
fn interruption_anywhere_gives_the_result_of_what_was_judged() {
    let input = "{\"b\":[1],\"a\":[1,{\"a\":x},[2,\"]\"],3 ], \"c\":{\"d\":1}} ";
    for cut in 0..=input.len() {
        let mut session = Session::new(engine(1), Arc::new(Plan::compile(&at("/a").encode_to_vec()).unwrap()));
        session.feed(&input.as_bytes()[..cut]).unwrap();
        session.interrupt().unwrap();
        let told = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
        let stopped_at = told.stopped_at.unwrap() as usize;
        assert!(told.termination() == Termination::Interrupted && stopped_at <= cut, "{cut}");
        assert_eq!(told.counts, run_whole(&at("/a"), &input.as_bytes()[..stopped_at]).counts, "{cut}");
    }
}

#[test]
fn document_however_large_keeps_nothing_but_the_record_under_way() {
    let engine = Arc::new(Engine::new(2, 1 << 30).unwrap());
    let mut session = Session::new(engine.clone(), Arc::new(Plan::compile(&at("/a").encode_to_vec()).unwrap()));
    let filler = [&b"\""[..], &[b'x'; (1 << 20) - 3], b"\","].concat();
    let elements = "{\"id\":1},".repeat(100_000);
    let mut feed = |bytes: &[u8]| {
        session.feed(bytes).unwrap();
        assert!(engine.budget().reserved() < 1 << 18, "{}", engine.budget().reserved());
    };
    let aside = |feed: &mut dyn FnMut(&[u8])| (0..16).for_each(|_| feed(&filler));
    feed(b"{\"b\":[");
    aside(&mut feed);
    feed(b"0],\"");
    feed(&[b'k'; 1 << 20]);
    feed(b"\":1,\"a\":[");
    (0..16).for_each(|_| feed(elements.as_bytes()));
    feed(b"2],\"c\":[");
    aside(&mut feed);
    feed(b"0]}");
    let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    assert_eq!(outcome(&result), (1_600_001, 1_600_001, Complete, None));
}

/// Segments and keys that are the same often.
const SEGMENTS: [&str; 8] = ["a", "b", "items", "", "0", "1", "-", "k\u{e4}"];
const KEYS: [&str; 12] = ["a", "b", "items", "", "0", "1", "-", "k\u{e4}", "\\u0061", "k\\u00e4", "it\\u0065ms", "\\ud83d"];
const SCALARS: [&str; 9] = ["1", "null", "\"x\"", "\"]\\\"}\"", "-0.5e3", "x", "\"\\\\\"", "\"\u{e9}\"", "\\\"1"];
const NOISE: [&str; 12] = ["{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "\u{1}", "x"];

fn white(random: &mut Random) -> &'static str {
    random.pick(&["", "", "", "", " ", "\n", "\r\n ", "\t"])
}

/// A document that has what `path` leads to more often than not.
fn random_value(random: &mut Random, path: Option<&[&str]>, left: usize, text: &mut String) {
    let next = path.and_then(|path| path.split_first());
    let is_array = match (path, next) {
        (Some(_), None) => random.below(12) > 0,
        (Some(_), Some((segment, _))) => segment.parse::<u32>().is_ok() && random.below(2) > 0,
        _ => random.below(2) > 0,
    };
    if left == 0 || path.is_none() && random.below(2) > 0 {
        text.push_str(random.pick(&SCALARS));
        return;
    }
    let count = random.below(4);
    let on = random.below(count.max(1));
    text.push(if is_array { '[' } else { '{' });
    for number in 0..count {
        let index = number.to_string();
        let on_path = next.filter(|(segment, _)| if is_array { **segment == index } else { number == on });
        text.push_str(if number > 0 { "," } else { "" });
        text.push_str(white(random));
        if !is_array {
            let key = on_path.map_or_else(|| *random.pick(&KEYS.each_ref()), |(segment, _)| *segment);
            text.push_str(&format!("\"{key}\"{}:{}", white(random), white(random)));
        }
        random_value(random, on_path.map(|(_, rest)| rest), left - 1, text);
        text.push_str(white(random));
    }
    text.push(if is_array { ']' } else { '}' });
}

fn random_document(random: &mut Random, path: &[&str]) -> Vec<u8> {
    let mut text = String::new();
    if random.below(20) == 0 {
        text.push('\u{feff}');
    }
    random_value(random, Some(path), path.len() + 2, &mut text);
    text.push_str(white(random));
    let mut bytes = text.into_bytes();
    for _ in 0..random.below(3) {
        let at = random.below(bytes.len() + 1);
        match random.below(4) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => drop(bytes.splice(at..at, random.pick(&NOISE).bytes())),
        }
    }
    bytes
}

fn random_path(random: &mut Random) -> Vec<&'static str> {
    (0..=random.below(3)).map(|_| *random.pick(&SEGMENTS.each_ref())).collect()
}

#[test]
fn result_of_random_documents_is_what_the_oracle_says_for_every_cut() {
    let cases = std::env::var("JASSAY_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(6_000);
    let engine = engine(1);
    let mut endings = std::collections::BTreeMap::<_, u32>::new();
    for seed in 0..cases {
        let mut random = Random(seed ^ 0x7e11_0000);
        let path = random_path(&mut random);
        let input = random_document(&mut random, &path);
        let pointer: String = path.iter().map(|segment| format!("/{segment}")).collect();
        let shown = format!("seed {seed}: {pointer} in {}", String::from_utf8_lossy(&input));
        let whole = run(&engine, &at(&pointer), [&input[..]]);
        assert_eq!(whole, oracle::judge(&path, &input), "{shown}");
        for cut in 0..=input.len() {
            let (head, tail) = input.split_at(cut);
            assert_eq!(run(&engine, &at(&pointer), [head, tail]), whole, "{shown}, cut at {cut}");
        }
        assert_eq!(run(&engine, &at(&pointer), input.chunks(1)), whole, "{shown}");
        *endings.entry((whole.termination(), counts(&whole).records > 0)).or_default() += 1;
    }
    for termination in [Complete, InputTruncated, UnrecoverableSyntax] {
        for has_records in [true, false] {
            let often = endings.get(&(termination, has_records)).copied().unwrap_or_default();
            assert!(u64::from(often) > cases / 200, "{endings:?}");
        }
    }
}

#[test]
fn result_of_large_documents_is_the_same_for_every_thread_count_slab_size_and_compression() {
    let engines: Vec<_> = (1..=4).map(engine).collect();
    let aside = |count: usize| "{\"a\":[\"]}\\\"\",{}],\n\"b\":null},".repeat(count);
    let records = (0..60_000).map(|i| format!("{{\"id\":{i},\"v\":{}}}", if i % 997 == 0 { "x" } else { "[1,\"]\"]" }));
    let records = records.collect::<Vec<_>>().join(",\n");
    for count in [0, 1, 40_000] {
        let input = format!("{{\"x\":[{}0],\"a\":[{records}],\"y\":[{}0]}}\n", aside(count), aside(count));
        let expected = oracle::judge(&["a"], input.as_bytes());
        assert_eq!((counts(&expected).invalid, expected.termination()), (61, Complete));
        for engine in &engines {
            for size in [1_000, 65_537, 1 << 20, input.len()] {
                let result = run(engine, &at("/a"), input.as_bytes().chunks(size));
                assert_eq!(result, expected, "{count}, {} threads, slabs of {size}", engine.threads());
            }
            for packed in [gzip(input.as_bytes()), zstd(input.as_bytes())] {
                let result = run(engine, &at("/a"), packed.chunks(10_000));
                assert_eq!(ProcessResult { compression: expected.compression, ..result }, expected);
            }
        }
    }
}

/// The walk written down from its rules, by recursion over the whole document; the array that it finds is judged as a stream of its own.
mod oracle {
    use super::*;

    enum Fail {
        Cut,
        At(usize),
    }

    struct Walk<'a> {
        input: &'a [u8],
        /// To after its closing bracket, or where it has none to the end of the input.
        array: Option<std::ops::Range<usize>>,
    }

    pub(super) fn judge(path: &[&str], input: &[u8]) -> ProcessResult {
        let mark = if input.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let mut walk = Walk { input, array: None };
        let walked = match walk.white(mark) {
            Err(_) => Ok(()),
            Ok(at) => walk.value(at, path, true).and_then(|at| match walk.white(at) {
                Ok(at) => Err(Fail::At(at)),
                Err(_) => Ok(()),
            }),
        };
        let (termination, stopped_at) = match walked {
            Ok(()) => (Complete, None),
            Err(Fail::Cut) => (InputTruncated, Some(input.len())),
            Err(Fail::At(at)) => (UnrecoverableSyntax, Some(at)),
        };
        let array = walk.array.unwrap_or(0..0);
        let mut result = super::judge(Array, &input[array.clone()]);
        let all = Report { max_violations: 100_000, max_per_group: 1000, ..Report::default() };
        let all = run_whole(&with_report(Array, all), &input[array.clone()]).violations;
        assert_eq!(all.len() as u64, counts(&result).invalid);
        let offsets = all.iter().map(|violation| violation.byte_offset + array.start as u64);
        result.invalid_over_stream = over_stream(offsets, stopped_at.unwrap_or(input.len()) as u64);
        let lines = input[..array.start].iter().filter(|byte| **byte == b'\n').count() as u64;
        for violation in &mut result.violations {
            violation.byte_offset += array.start as u64;
            violation.error_offset += array.start as u64;
            violation.line += lines;
        }
        let passes = counts(&result).invalid == 0 && termination == Complete;
        result.verdict = if passes { jassay_engine::proto::Verdict::Pass } else { jassay_engine::proto::Verdict::Fail }.into();
        result.termination = termination.into();
        result.stopped_at = stopped_at.map(|at| at as u64);
        result.counts.as_mut().unwrap().bytes = stopped_at.unwrap_or(input.len()) as u64;
        result.warnings.clear();
        let marked = if mark > 0 { super::judge(Unspecified, "\u{feff}1").warnings } else { vec![] };
        let empty =
            if termination == Complete && counts(&result).records == 0 { super::judge(Array, "").warnings } else { vec![] };
        result.warnings.extend(marked.into_iter().chain(empty));
        result
    }

    impl Walk<'_> {
        fn byte(&self, at: usize) -> Result<u8, Fail> {
            self.input.get(at).copied().ok_or(Fail::Cut)
        }

        fn white(&self, mut at: usize) -> Result<usize, Fail> {
            while b" \t\r\n".contains(&self.byte(at)?) {
                at += 1;
            }
            Ok(at)
        }

        /// The offset after the value.
        fn value(&mut self, at: usize, path: &[&str], on_path: bool) -> Result<usize, Fail> {
            let at = self.white(at)?;
            match (self.byte(at)?, path.split_first()) {
                (b',' | b':' | b']' | b'}', _) => Err(Fail::At(at)),
                _ if !on_path => self.skip(at),
                (b'[', None) => {
                    self.array = Some(at..self.input.len());
                    let end = self.container_end(at + 1)?;
                    self.array = Some(at..end + 1);
                    if self.byte(end)? == b'}' { Err(Fail::At(end)) } else { Ok(end + 1) }
                }
                (b'{', Some((segment, rest))) => self.object(at + 1, segment, rest),
                (b'[', Some((segment, rest))) if segment.parse::<u32>().is_ok_and(|index| index.to_string() == **segment) => {
                    self.elements(at + 1, segment, rest)
                }
                _ => Err(Fail::At(at)),
            }
        }

        fn object(&mut self, at: usize, segment: &str, rest: &[&str]) -> Result<usize, Fail> {
            let mut at = at;
            loop {
                let quote = self.white(at)?;
                if self.byte(quote)? != b'"' {
                    return Err(Fail::At(quote));
                }
                let end = self.key_end(quote + 1)?;
                let key = serde_json::from_slice::<String>(&self.input[quote..end]);
                let is_same = key.is_ok_and(|key| key == segment);
                if is_same && self.array.is_some() {
                    return Err(Fail::At(quote));
                }
                let colon = self.white(end)?;
                if self.byte(colon)? != b':' {
                    return Err(Fail::At(colon));
                }
                at = self.value(colon + 1, rest, is_same)?;
                at = self.white(at)?;
                match self.byte(at)? {
                    b',' => at += 1,
                    b'}' if self.array.is_some() => return Ok(at + 1),
                    _ => return Err(Fail::At(at)),
                }
            }
        }

        fn elements(&mut self, at: usize, segment: &str, rest: &[&str]) -> Result<usize, Fail> {
            let mut at = at;
            for number in 0.. {
                at = self.value(at, rest, number.to_string() == segment)?;
                at = self.white(at)?;
                match self.byte(at)? {
                    b',' => at += 1,
                    b']' if self.array.is_some() => return Ok(at + 1),
                    _ => return Err(Fail::At(at)),
                }
            }
            Err(Fail::Cut)
        }

        /// The offset after the quote that ends a key.
        fn key_end(&self, mut at: usize) -> Result<usize, Fail> {
            loop {
                match self.byte(at)? {
                    b'"' => return Ok(at + 1),
                    b'\\' => {
                        at += 1;
                        let escape = self.byte(at)?;
                        if !b"\"\\/bfnrtu".contains(&escape) {
                            return Err(Fail::At(at));
                        }
                        for _ in 0..if escape == b'u' { 4 } else { 0 } {
                            at += 1;
                            if !self.byte(at)?.is_ascii_hexdigit() {
                                return Err(Fail::At(at));
                            }
                        }
                    }
                    ..0x20 => return Err(Fail::At(at)),
                    _ => {}
                }
                at += 1;
            }
        }

        /// The offset of the comma or bracket that ends a value that is passed over.
        fn skip(&self, at: usize) -> Result<usize, Fail> {
            self.end(at, true)
        }

        /// The offset of the bracket that ends the container after whose opening one `at` is.
        fn container_end(&self, at: usize) -> Result<usize, Fail> {
            self.end(at, false)
        }

        fn end(&self, mut at: usize, at_comma: bool) -> Result<usize, Fail> {
            let (mut in_string, mut backslashes, mut depth) = (false, 0, 0);
            loop {
                let byte = self.byte(at)?;
                match byte {
                    b'"' if backslashes % 2 == 0 => in_string = !in_string,
                    b'[' | b'{' if !in_string => depth += 1,
                    b']' | b'}' if !in_string && depth == 0 => return Ok(at),
                    b']' | b'}' if !in_string => depth -= 1,
                    b',' if !in_string && depth == 0 && at_comma => return Ok(at),
                    _ => {}
                }
                backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
                at += 1;
            }
        }
    }
}
