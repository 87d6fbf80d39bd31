//! Patterns made by chance: every way to the answer has to agree with backtracking over the whole pattern.

use super::backtrack::Backtracker;
use super::plan::hir;
use super::*;
use proptest::prelude::*;

fn atom() -> impl Strategy<Value = String> {
    let plain = prop::sample::select(vec![
        "a", "b", "c", "-", "é", "🐲", ".", r"\d", r"\w", r"\s", r"\W", r"\S", "[ab]", "[^a]", "[a-c-]", "[^é]", r"[\w-]", "[]",
        "[^]", r"\b", r"\B", "^", "$", r"\p{L}", "ab", "0", "(?i:B)", "",
    ]);
    plain.prop_map(str::to_owned)
}

/// Patterns whose assertions are never repeated as such.
fn source() -> impl Strategy<Value = String> {
    let repeat = prop::sample::select(vec!["*", "+", "?", "{2}", "{1,2}", "*?", "{0}"]);
    atom().prop_recursive(4, 24, 4, move |inner| {
        let look = prop::sample::select(vec!["(?=", "(?!", "(?=", "(?!", "(?<=", "(?<!"]);
        prop_oneof![
            4 => prop::collection::vec(inner.clone(), 1..4).prop_map(|all| all.concat()),
            2 => prop::collection::vec(inner.clone(), 1..3).prop_map(|all| format!("(?:{})", all.join("|"))),
            2 => (inner.clone(), repeat.clone()).prop_map(|(inner, often)| format!("({inner}){often}")),
            2 => (look, inner.clone()).prop_map(|(look, inner)| format!("{look}{inner})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(first, second)| format!("^(?!{first}){second}$")),
            1 => (inner.clone(), inner.clone()).prop_map(|(first, second)| format!("^{first}(?<!{second})$")),
            1 => inner.clone().prop_map(|look| format!("(?!{look}|b[bc])[a-c]{{2}}(b|c)")),
            1 => inner.prop_map(|guard| format!("^((?!{guard})[^c])*$")),
        ]
    })
}

pub(super) fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["a", "b", "c", "B", "-", "é", "🐲", "0", " ", "\n", "\u{2028}", "ab"]);
    prop::collection::vec(part, 0..7).prop_map(|all| all.concat())
}

/// What backtracking says of the pattern as it was read, or `None` where it gives up.
fn backtracked(source: &str) -> Option<Backtracker> {
    Backtracker::of(&syntax::parse(source).ok()?).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_match_agrees_with_backtracking(source in source(), texts in prop::collection::vec(text(), 8)) {
        let (Ok(pattern), Some(oracle)) = (Pattern::compile(&source), backtracked(&source)) else { return Ok(()) };
        for text in texts {
            let (found, expected) = (pattern.is_match(text.as_bytes()), oracle.is_match(&text));
            prop_assert!(found == expected || expected == Matched::Limit, "{source} {text:?} {found:?} {expected:?}");
        }
    }

    #[test]
    fn is_match_of_tables_agrees_with_automata(source in source(), texts in prop::collection::vec(text(), 8)) {
        let Some(hir) = syntax::parse(&source).ok().and_then(|node| hir(&node)) else { return Ok(()) };
        let Ok(oracle) = regex_automata::meta::Builder::new().build_from_hir(&table::by_character(&hir)) else { return Ok(()) };
        let pattern = Pattern::compile(&source).unwrap();
        let table = table::Table::of(&hir);
        for text in texts {
            let expected = oracle.is_match(&text);
            prop_assert_eq!(pattern.is_match(text.as_bytes()), Matched::from(expected), "{} {:?}", source, text);
            if let Some(table) = &table {
                let found = table.answer().unwrap_or_else(|| table.is_match(text.as_bytes()));
                prop_assert_eq!(found, expected, "{} {:?}", source, text);
            }
        }
    }

    #[test]
    fn compile_of_anything_does_not_panic(source in "[\\\\()\\[\\]{}?*+|^$a-c0-2,:=!<>ipuxkéD83-]{0,24}", text in text()) {
        if let Ok(pattern) = Pattern::compile(&source) {
            pattern.is_match(text.as_bytes());
            pattern.cost();
        }
    }

    #[test]
    fn compile_takes_all_that_the_flag_u_allows(source in "[\\\\()\\[\\]{}?*+|^$a-c0-2,:=!<>ipuxkD83-]{0,12}") {
        if jsonschema_regex::is_valid_ecma_regex(&source) && !source.contains("p{") && !source.contains("P{") {
            prop_assert!(!matches!(Pattern::compile(&source), Err(PatternError::Invalid(_))), "{}", source);
        }
    }
}
