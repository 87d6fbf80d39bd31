use super::*;
use proptest::prelude::*;
use std::path::PathBuf;

const DRAFTS: [Draft; 5] = [Draft::Draft4, Draft::Draft6, Draft::Draft7, Draft::Draft201909, Draft::Draft202012];

fn format(name: &str) -> Format {
    Format::of(name, Draft::Draft202012).unwrap()
}

#[test]
fn of_knows_formats_since_their_drafts() {
    for (name, since) in [
        ("date", Draft::Draft4),
        ("time", Draft::Draft4),
        ("date-time", Draft::Draft4),
        ("email", Draft::Draft4),
        ("idn-email", Draft::Draft4),
        ("hostname", Draft::Draft4),
        ("ipv4", Draft::Draft4),
        ("ipv6", Draft::Draft4),
        ("uri", Draft::Draft4),
        ("regex", Draft::Draft4),
        ("uri-reference", Draft::Draft6),
        ("uri-template", Draft::Draft6),
        ("json-pointer", Draft::Draft6),
        ("relative-json-pointer", Draft::Draft7),
        ("idn-hostname", Draft::Draft7),
        ("iri", Draft::Draft7),
        ("iri-reference", Draft::Draft7),
        ("duration", Draft::Draft201909),
        ("uuid", Draft::Draft201909),
    ] {
        for draft in DRAFTS {
            let found = Format::of(name, draft);
            assert_eq!(found.is_some(), draft >= since, "{name} {draft:?}");
            assert!(found.is_none_or(|format| format.name() == name));
        }
    }
    assert_eq!(Format::of("color", Draft::Draft4), None);
    assert_eq!(Format::of("Date", Draft::Draft202012), None);
    assert_eq!(Format::of("", Draft::Draft202012), None);
}

#[test]
fn validator_is_there_for_each_format() {
    for (at, format) in ALL.into_iter().enumerate() {
        assert_eq!(format as usize, at);
        assert!(format.validator().is_some(), "{format:?}");
    }
}

#[test]
fn is_valid_tells_typical_texts_of_each_format() {
    for (name, valid, invalid) in [
        (
            "date",
            &["2024-02-29", "2000-02-29", "0000-01-01"][..],
            &["2023-02-29", "1900-02-29", "2024-00-01", "2024-1-1", "২024-01-01"][..],
        ),
        (
            "time",
            &["23:59:60Z", "00:00:00.1+01:00", "08:29:60+09:30".trim_end_matches("+09:30")][..2],
            &["24:00:00Z", "12:00:60Z", "12:00:00"],
        ),
        (
            "date-time",
            &["1990-12-31T15:59:60.123-08:00", "2024-01-01t00:00:00z"],
            &["2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "1990-12-31T15:59:60-07:00"],
        ),
        ("duration", &["P1Y2M3DT4H5M6S", "P2W"], &["P", "PT", "P1D2H"]),
        (
            "email",
            &["a@b.co", "joe+x@localhost", "\"a b\"@c.de", "a@[127.0.0.1]"],
            &["a", "a@", "@b", "a..b@c.de", "ä@b.co", "a@-b.co", "a@xn--x"],
        ),
        ("idn-email", &["실례@실례.테스트", "a@b.co"], &["2962"]),
        (
            "hostname",
            &["a", "a-b.example", "xn--4gbwdl.xn--wgbh1c"],
            &["", ".", "a.", "-a", "a-", "a_b", "XN--aa---o47jg78q", "ab--c"],
        ),
        ("idn-hostname", &["실례.테스트"], &["〮실례.테스트"]),
        ("ipv4", &["192.168.0.1"], &["01.2.3.4", "1.2.3", "256.1.1.1", "1.2.3.4/24"]),
        ("ipv6", &["::1", "::ffff:1.2.3.4"], &["12345::", "::1%eth0", "1::2::3"]),
        (
            "uri",
            &["http://a.b/c?d#e", "urn:x", "a:", "http://[::1]:80/", "x://"],
            &["//a", "a", "http://a b", "http://a/%zz", "http://a:b/", "1:a", "http://[::1", "bar,\\:"],
        ),
        ("uri-reference", &["/a", "#a", ""], &["\\a", "a b"]),
        ("iri", &["http://ƒøø.ßår/"], &["/abc"]),
        ("iri-reference", &["//ƒøø.ßår/", "#ƒ"], &["\\\\WINDOWS"]),
        ("uri-template", &["http://a/{b*}"], &["http://a/{b"]),
        (
            "uuid",
            &["2EB8AA08-aa98-11ea-b4aa-73b441d16380"],
            &["2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4ga-73b441d16380", ""],
        ),
        ("json-pointer", &["", "/a~0/~1"], &["a", "/~2"]),
        ("relative-json-pointer", &["0#", "1/a"], &["/a", "01"]),
        ("regex", &["a(?=b)", "^[^]$"], &["(", r"\a", r"^\S(|(.|\n)*\S)\Z"]),
    ] {
        valid.iter().for_each(|text| assert!(format(name).is_valid(text), "{name} {text}"));
        invalid.iter().for_each(|text| assert!(!format(name).is_valid(text), "{name} {text}"));
    }
}

#[test]
fn is_valid_of_hostname_looks_into_labels_since_draft_7() {
    let of = |draft| Format::of("hostname", draft).unwrap();
    assert!(of(Draft::Draft6).is_valid("ab--c") && !of(Draft::Draft7).is_valid("ab--c"));
}

/// Of the official tests, those that are answered otherwise, and why.
const OTHERWISE: [(&str, &str); 0] = [];

#[test]
fn is_valid_agrees_with_the_official_tests() {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance"));
    let folder = std::env::var_os("JASSAY_CONFORMANCE").map_or(beside, PathBuf::from).join("JSON-Schema-Test-Suite/tests");
    let folders = ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"];
    let (mut asked, mut failed) = (0, Vec::new());
    for (folder, draft) in folders.map(|name| folder.join(name).join("optional/format")).into_iter().zip(DRAFTS) {
        let Ok(files) = std::fs::read_dir(&folder) else {
            eprintln!(
                "skipped: no JSON-Schema-Test-Suite at {}; set JASSAY_CONFORMANCE to the folder that has it",
                folder.display()
            );
            return;
        };
        for file in files {
            let groups: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
            for group in groups.as_array().unwrap() {
                let name = group["schema"]["format"].as_str().unwrap();
                let format = Format::of(name, draft);
                assert!(format.is_some() || name == "unknown", "{name} {draft:?}");
                for test in group["tests"].as_array().unwrap() {
                    let Some(text) = test["data"].as_str() else { continue };
                    asked += 1;
                    if format.is_none_or(|format| format.is_valid(text)) != test["valid"].as_bool().unwrap() {
                        failed.push(format!("{} {name}: {}", draft.name(), test["description"].as_str().unwrap()));
                    }
                }
            }
        }
    }
    failed.sort();
    assert_eq!(failed, OTHERWISE.map(|(test, _)| test));
    assert!(asked > 2000, "{asked}");
}

/// Texts that have a frequent format, or nearly.
fn seed() -> impl Strategy<Value = String> {
    let hand = prop::sample::select(vec![
        "2024-02-29",
        "1900-02-28",
        "23:59:60Z",
        "15:59:60.5-08:00",
        "00:29:60+00:30",
        "00:00:60-23:59",
        "2024-12-31T23:59:59.999Z",
        "1998-12-31t15:59:60.1-08:00",
        "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
        "joe.bloggs@example.com",
        "a@b",
        "\"a b\"@c.de",
        "\"\"@a.b",
        "a@[1.2.3.4]",
        "a@[IPv6:::1]",
        "<a@b.de>",
        "x <a@b.de>",
        "a@b--c.de",
        "xn--4gbwdl.xn--wgbh1c",
        "192.168.0.1",
        "2001:db8::8a2e:1.2.3.4",
        "::",
        "https://user:pw@example.com:8080/a/b%20c?d=e&f#g",
        "urn:isbn:0451450523",
        "http://[2001:db8::7]/c=GB?a",
        "mailto:a@b.c",
        "x:",
        "h://@:/",
    ]);
    let digits = (
        0..2u32,
        0..25u32,
        0..62u32,
        0..62u32,
        prop::sample::select(vec!["Z", "+00:00", "-12:30", "+23:59", "-24:00", ".5z", ""]),
    );
    let time = digits.prop_map(|(day, hour, minute, second, offset)| {
        let date = if day == 0 { "2024-06-30T" } else { "" };
        format!("{date}{hour:02}:{minute:02}:{second:02}{offset}")
    });
    let date = (0..10_000u32, 0..14u32, 0..33u32).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
    let long = (1..70usize, 1..70usize, 1..5usize)
        .prop_map(|(local, label, count)| format!("{}@{}", "a".repeat(local), vec!["b".repeat(label); count].join(".")));
    let free = "[a-z0-9:/?#\\[\\]@!$%.~+ -]{0,24}|[a-z]{1,3}://[a-z0-9:@.%\\[\\]/-]{0,12}|[!-~]{1,8}@[a-z0-9.-]{1,12}|[0-9a-f:.]{0,20}|[0-9.]{6,16}";
    prop_oneof![4 => hand.prop_map(str::to_owned), 1 => time, 1 => date, 1 => long, 2 => free]
}

/// A text with some characters taken away, added or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let character = prop::sample::select("0159aZzTt-:.+@/[]?#% é\"\\_~xng\n\u{0}\u{7f}Ⅰ٣".chars().collect::<Vec<_>>());
    let change = (any::<prop::sample::Index>(), 0..4u8, character);
    (seed(), prop::collection::vec(change, 0..3)).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, kind, c) in changes {
            let at = at.index(text.len() + 1);
            match kind {
                0 => text.insert(at, c),
                1 if at < text.len() => drop(text.remove(at)),
                2 if at < text.len() => text[at] = c,
                3 => text.truncate(at),
                _ => {}
            }
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_valid_gives_the_verdict_of_the_crate(text in mutated()) {
        for format in ALL {
            prop_assert_eq!(format.is_valid(&text), format.is_valid_by_crate(&text), "{} {:?}", format.name(), text);
        }
    }
}
