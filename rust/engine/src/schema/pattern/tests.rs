use super::*;
use serde_json::Value;
use std::path::PathBuf;

fn pattern(source: &str) -> Pattern {
    Pattern::compile(source).unwrap_or_else(|error| panic!("{source}: {error}"))
}

fn found(source: &str, text: &str) -> bool {
    let matched = pattern(source).is_match(text.as_bytes());
    assert_ne!(matched, Matched::Limit, "{source} {text:?}");
    matched == Matched::Yes
}

/// The engine of a pattern, by what comes first in its debug text.
fn engine(source: &str) -> String {
    let text = format!("{:?}", pattern(source).0);
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[test]
fn is_match_follows_ecma_where_dialects_differ() {
    for (source, yes, no) in [
        ("^abc$", &["abc"][..], &["abc\n", "xabc"][..]),
        ("^.$", &["a", "\t", "é", "🐲", "\u{85}"], &["\n", "\r", "\u{2028}", "\u{2029}", ""]),
        (r"^\d$", &["0"], &["߀", "a"]),
        (r"^\D$", &["߀"], &["0"]),
        (r"^\w+$", &["aZ_9"], &["é", "-"]),
        (r"^\W$", &["é"], &["a"]),
        (r"^\s$", &["\t", "\u{b}", "\u{a0}", "\u{feff}", "\u{2029}", "\u{3000}"], &["\u{85}", "\u{200b}", "\u{180e}", "\u{1c}"]),
        (r"^\S$", &["\u{85}"], &["\u{feff}"]),
        (r"^\cC\ca$", &["\u{3}\u{1}"], &["\\cC\\ca"]),
        (r"^\t\n\v\f\r\0$", &["\t\n\u{b}\u{c}\r\0"], &[]),
        (r"^\x41\u0042\u{43}\u{0001F432}$", &["ABC🐲"], &["ABC"]),
        (r"^\uD83D\uDC32*$", &["🐲🐲", ""], &["🐲x"]),
        (r"[\uD83D\uDC32]", &["🐲"], &["🐉"]),
        (r"\uD83D", &[], &["🐲", ""]),
        (r"^[\uD800-\uDFFF]$", &[], &["🐲", "a"]),
        (r"^[\u0000-\uFFFF]$", &["\u{ffff}", "\0"], &["🐲"]),
        (r"^\/\-\.\_\@\ $", &["/-._@ "], &[]),
        ("[]", &[], &["", "a"]),
        ("^[^]$", &["\n", "🐲"], &["", "ab"]),
        (r"^[\w-.]+$", &["a-.b"], &["a/b"]),
        (r"^[\d-x]+$", &["1-x"], &["w"]),
        (r"^[a-z&&^b]+$", &["b&^"], &["B"]),
        (r"^[[a]]$", &["a]", "[]"], &["a"]),
        (r"^[\b]$", &["\u{8}"], &["b"]),
        ("^]y}{z$", &["]y}{z"], &[]),
        (r"\bfoo\b", &["a foo", "éfoo", "foo"], &["foob", "foo_"]),
        (r"^\B.\B$", &["é"], &["a"]),
        (r"\B", &["", "é", "aa", "-"], &["a", "aéa"]),
        (r"^\p{Lu}\p{Letter}\P{L}\p{Script=Greek}$", &["Aé1π"], &["aé1π"]),
        (r"^\p{digit}+$", &["42", "৪২"], &["-"]),
        ("^(?i:straße|k)$", &["STRAßE", "K", "\u{212a}"], &["l"]),
        ("^(?s:.)(?-s:.)$", &["\na"], &["\n\n"]),
        ("(?m:^b$)", &["a\nb\rc", "a\u{2028}b"], &["ab"]),
        ("a|", &["", "b"], &[]),
        (r"^(?:a|b)+?c??$", &["abac"], &["ac c"]),
    ] {
        yes.iter().for_each(|text| assert!(found(source, text), "{source} {text:?}"));
        no.iter().for_each(|text| assert!(!found(source, text), "{source} {text:?}"));
    }
}

#[test]
fn is_match_of_references_takes_groups_without_part_as_nothing() {
    for (source, yes, no) in [
        (r#"^(["']).*\1$"#, &["'a'", "\"\""][..], &["'a\"", "'"][..]),
        (r"^(?<q>a|b)\k<q>$", &["aa", "bb"], &["ab"]),
        (r"^(?:(a)|b)\1$", &["aa", "b"], &["a", "ba"]),
        (r"^\1(a)$", &["a"], &["aa"]),
        (r"^(?:(?<n>a)|(?<n>b))\k<n>$", &["aa", "bb"], &["ab", "a"]),
        (r"^(?i:(a)\1)$", &["aA"], &["ab"]),
        (r"^(?:(?=(a))){0}\1(b)\2$", &["bb"], &["b", "ab"]),
        (r"^(?=(a+))\1b$", &["aab"], &["ac"]),
    ] {
        yes.iter().for_each(|text| assert!(found(source, text), "{source} {text:?}"));
        no.iter().for_each(|text| assert!(!found(source, text), "{source} {text:?}"));
        assert_eq!(engine(source), "Backtrack", "{source}");
    }
}

#[test]
fn is_match_of_look_around_is_decided_without_backtracking() {
    for (source, yes, no) in [
        (r"^(?!\s)[^<>]*$", &["", "a b"][..], &[" a", "a<"][..]),
        (r"^(?=.*\d)(?=.*[a-z])\w{4,}$", &["ab12"], &["abcd", "1234", "a1"]),
        (r"(?=^.{4,}$)(?=.*\d)", &["abc1"], &["ab1", "abcd"]),
        ("^(?=a|b)(?!bb)[ab]+$", &["ab", "b"], &["bb", "c", ""]),
        ("^(?!-)[a-z-]+(?<!-)$", &["a-b"], &["-a", "a-"]),
        ("[a-z](?<!q)$", &["xp"], &["q", "pq"]),
        ("^((?!foo).)*$", &["fo", ""], &["xfoo", "a\n"]),
        ("^(?:(?!--)[a-z-])+$", &["a-b-"], &["a--b", ""]),
        ("(?!a)[a-c]x", &["bx"], &["ax"]),
        ("x(?=[ab])[b-c]+", &["xbc"], &["xc", "xa"]),
        (
            r"^(?!000|666)[0-8]\d{2}-(?!00)\d{2}-(?!0000)\d{4}$",
            &["123-45-6789"],
            &["000-45-6789", "666-45-6789", "123-00-6789", "123-45-0000"],
        ),
        ("^x(?!00|11)[01]{2}$", &["x01", "x10"], &["x00", "x11"]),
        ("^x(?!000|001|11)[01]{3}$", &["x010", "x101"], &["x000", "x001", "x110"]),
        ("^(?!a)b|^(?!b)a", &["b", "a"], &["c"]),
        ("^(?:(?!a)[ab]|c)$", &["b", "c"], &["a"]),
        ("^(?!(?!a)b)", &["a", "c", ""], &["b"]),
    ] {
        yes.iter().for_each(|text| assert!(found(source, text), "{source} {text:?}"));
        no.iter().for_each(|text| assert!(!found(source, text), "{source} {text:?}"));
        assert!(!format!("{:?}", pattern(source)).contains("Backtrack"), "{source}");
    }
}

#[test]
fn is_match_of_other_look_around_backtracks() {
    for (source, yes, no) in [
        ("a(?!b)", &["ac", "a", "aba"][..], &["ab"][..]),
        ("(?=.*b)a", &["ab"], &["ba"]),
        ("(?<=a)b", &["ab"], &["b"]),
        (r"(?<!\d{1,3})x", &["ax", "x"], &["1x"]),
        (r"^\w+(?=\bx|-)", &["a-"], &["a"]),
        ("a(?:(?=b)){2}(?:(?!b))*(?:[])?", &["ab"], &["ac"]),
    ] {
        yes.iter().for_each(|text| assert!(found(source, text), "{source} {text:?}"));
        no.iter().for_each(|text| assert!(!found(source, text), "{source} {text:?}"));
        assert_eq!(engine(source), "Backtrack", "{source}");
    }
}

#[test]
fn compile_chooses_the_cheapest_engine() {
    for (source, expected) in [
        ("", "Always"),
        ("a*", "Always"),
        ("^", "Always"),
        ("^.*", "Always"),
        ("[]", "Always"),
        ("^x-", "StartsWith"),
        ("^abc$", "Is"),
        ("foo", "Contains"),
        ("^[a-z]{1,64}$", "Run"),
        ("^.{1,100000}$", "Run"),
        (r"^\p{L}+$", "Run"),
        (".+", "Table"),
        (r"^[A-Z]{2}-\d{6}$", "Table"),
        ("^(a|b|c)$", "Run"),
        ("^(get|put)$", "Table"),
        (r"^\bfoo\b", "Table"),
        (r"^\p{L}[\p{L}\p{N}]{0,63}$", "Automaton"),
        (r"(a)\1", "Backtrack"),
    ] {
        assert_eq!(engine(source), expected, "{source}");
    }
}

#[test]
fn compile_of_what_is_no_pattern_says_where() {
    for source in [
        "(",
        ")",
        "(?",
        "(?x)",
        "(?P<n>a)",
        "(?i)a",
        "(?-:a)",
        "(?ii:a)",
        "(?<1>a)",
        "(?<n",
        "a)b",
        "[",
        "[a",
        "[b-a]",
        "*",
        "a**",
        "a*+",
        "a|*",
        "^*",
        "$+",
        "(?=a)*",
        r"\b+",
        "{1}",
        "a{2,1}",
        "a{1",
        "a{,3}",
        "a{1}{2}",
        r"\",
        r"\a",
        r"\Z",
        r"\z",
        r"\c1",
        r"\x4",
        r"\u12",
        r"\u{}",
        r"\u{110000}",
        r"\u{fffffffff}",
        r"\u{100000041}",
        r"\p",
        r"\p{}",
        r"\p{Nope}",
        r"\p{L",
        r"\01",
        r"\1",
        r"(a)\2",
        r"\k<a>",
        r"(?<a>x)\k",
        "(?<a>x)(?<a>y)",
        r"[\1]",
        r"[\B]",
        r"\é",
    ] {
        match Pattern::compile(source) {
            Err(PatternError::Invalid(text)) => assert!(text.contains("byte") && text.len() < 120, "{source}: {text}"),
            other => panic!("{source}: {other:?}"),
        }
    }
}

#[test]
fn compile_over_a_limit_is_too_large() {
    for source in [
        "a".repeat(MAX_PATTERN_BYTES + 1),
        "(".repeat(MAX_PATTERN_BYTES),
        format!("{}a{}", "(".repeat(101), ")".repeat(101)),
        "((a{1000}){1000}){1000}".to_owned(),
        r"(?:\p{L}x){10000}".to_owned(),
        r"\p{L}".repeat(10_000),
        "(?=a)".repeat(257),
        format!("(a){}", r"\1".repeat(257)),
        // Each is within the limits, not all of them.
        format!("^(?:{}(?!x))", vec![r"(?!(?:\p{L}x){60})"; 60].join("")),
        r"(a)\1(?:(?:b{1000}){1000}){1000}".to_owned(),
        "x{4294967295}y".to_owned(),
        "(?:x{99999999999}y){2,}".to_owned(),
    ] {
        let error = Pattern::compile(&source).err();
        assert!(matches!(error, Some(PatternError::TooLarge(_))), "{:.40} {error:?}", source);
    }
}

#[test]
fn compile_of_long_and_deep_patterns_passes() {
    let deep = format!("{}a{}", "(?:b|".repeat(100), ")".repeat(100));
    assert!(found(&deep, "xa"));
    let long = format!("^(?:{})$", vec!["word"; 10_000].join("|"));
    assert!(found(&long, "word"));
    let looks = format!("^{}a", "(?!b)".repeat(256));
    assert!(found(&looks, "a"));
    let deep = format!("x{}a{}", "(?:(?=y|".repeat(50), "))".repeat(50));
    assert!(found(&deep, "xa") && !found(&deep, "xb"));
    let alternatives = format!("^{}$", "(?:(?!b)a|c(?!d)x)".repeat(100));
    assert!(found(&alternatives, &"a".repeat(100)));
}

#[test]
fn is_match_of_doubling_steps_reaches_the_limit() {
    let text = format!("{}b", "a".repeat(60));
    assert_eq!(pattern(r"^(?:(a|aa)+)+\1c$").is_match(text.as_bytes()), Matched::Limit);
    // Without references the same takes time that grows with the text alone.
    assert_eq!(pattern("^(a+)+$").is_match(text.as_bytes()), Matched::No);
    assert_eq!(pattern("(a)\\1").is_match("x".repeat(1 << 20).as_bytes()), Matched::Limit);
}

#[test]
fn is_match_where_one_answer_settles_needs_not_know_the_others() {
    let text = format!("{}b", "a".repeat(60));
    let limited = r"(?:a|aa)+(?=\bx)";
    assert_eq!(pattern(&format!("^(?!a)(?:{limited})")).is_match(text.as_bytes()), Matched::No);
    assert_eq!(pattern(&format!("{limited}|b$")).is_match(text.as_bytes()), Matched::Yes);
}

#[test]
fn cost_grows_with_what_is_held() {
    assert!(pattern("^a$").cost() < 200);
    assert!((500..2000).contains(&pattern("^(get|put|post)$").cost()));
    assert!(pattern(r"^\p{L}[\p{L}\p{N}]{0,63}$").cost() > 1 << 20);
}

/// Files of the official tests with these paths in each draft's folder, where the folder is: `JASSAY_CONFORMANCE`, else
/// `shared/conformance` beside the project.
fn suite(paths: &[&str]) -> Vec<(String, Value)> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance"));
    let folder = std::env::var_os("JASSAY_CONFORMANCE").map_or(beside, PathBuf::from).join("JSON-Schema-Test-Suite/tests");
    if !folder.exists() {
        eprintln!("skipped: no JSON-Schema-Test-Suite at {}; set JASSAY_CONFORMANCE to the folder that has it", folder.display());
    }
    let mut files = Vec::new();
    for draft in ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"] {
        for path in paths {
            let name = format!("{draft}/{path}");
            if let Ok(bytes) = std::fs::read(folder.join(&name)) {
                files.push((name, serde_json::from_slice(&bytes).unwrap()));
            }
        }
    }
    files
}

/// Whether the texts that a schema of the official tests asks about have its patterns; `None` where it asks for more than patterns.
fn verdict(schema: &Value, data: &Value) -> Option<bool> {
    if let Some(source) = schema.get("pattern") {
        return Some(data.as_str().is_none_or(|text| found(source.as_str().unwrap(), text)));
    }
    let patterns = schema.get("patternProperties")?.as_object()?;
    let object = data.as_object()?;
    if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
        return None;
    }
    Some(object.keys().all(|key| patterns.keys().any(|source| found(source, key))))
}

#[test]
fn is_match_agrees_with_the_official_tests() {
    let files =
        suite(&["pattern.json", "patternProperties.json", "optional/ecmascript-regex.json", "optional/non-bmp-regex.json"]);
    let (mut asked, mut failed) = (0, Vec::new());
    for (name, groups) in &files {
        for group in groups.as_array().unwrap() {
            for test in group["tests"].as_array().unwrap() {
                let Some(verdict) = verdict(&group["schema"], &test["data"]) else { continue };
                asked += 1;
                if Value::Bool(verdict) != test["valid"] {
                    failed.push(format!("{name}: {}: {}", group["description"], test["description"]));
                }
            }
        }
    }
    assert_eq!(failed, Vec::<String>::new());
    assert!(files.is_empty() || asked > 300, "{asked}");
}
