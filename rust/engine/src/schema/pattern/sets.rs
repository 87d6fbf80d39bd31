//! Sets of characters that patterns name.

use super::escapes::Escape;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

fn of_ranges<const N: usize>(ranges: [(char, char); N]) -> ClassUnicode {
    ClassUnicode::new(ranges.map(|(low, high)| ClassUnicodeRange::new(low, high)))
}

pub(super) fn digits() -> ClassUnicode {
    of_ranges([('0', '9')])
}

pub(super) fn words() -> ClassUnicode {
    of_ranges([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
}

/// `WhiteSpace` and `LineTerminator` of ECMA-262.
pub(super) fn spaces() -> ClassUnicode {
    of_ranges([
        ('\t', '\r'),
        (' ', ' '),
        ('\u{a0}', '\u{a0}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{2000}', '\u{200a}'),
        ('\u{2028}', '\u{2029}'),
        ('\u{202f}', '\u{202f}'),
        ('\u{205f}', '\u{205f}'),
        ('\u{3000}', '\u{3000}'),
        ('\u{feff}', '\u{feff}'),
    ])
}

pub(super) fn line_ends() -> ClassUnicode {
    of_ranges([('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')])
}

pub(super) fn any() -> ClassUnicode {
    of_ranges([('\0', char::MAX)])
}

pub(super) fn negated(mut set: ClassUnicode) -> ClassUnicode {
    set.negate();
    set
}

/// With all characters that differ from one of them in case alone.
pub(super) fn folded(mut set: ClassUnicode) -> ClassUnicode {
    // Fails only where the tables of Unicode are left out.
    let _ = set.try_case_fold_simple();
    set
}

/// All characters of a range of code points; it may begin or end in surrogates, which are none.
pub(super) fn range(low: u32, high: u32) -> ClassUnicode {
    let low = char::from_u32(low).unwrap_or('\u{e000}');
    let high = char::from_u32(high).unwrap_or('\u{d7ff}');
    // Of surrogates alone, the ends have passed each other.
    if low <= high { ClassUnicode::new([ClassUnicodeRange::new(low, high)]) } else { ClassUnicode::empty() }
}

pub(super) fn of(escape: Escape) -> ClassUnicode {
    match escape {
        Escape::Code(code) => range(code, code),
        Escape::Set(set) => set,
    }
}

/// A property of Unicode by its name, or name and value.
pub(super) fn property(text: &str) -> Option<ClassUnicode> {
    let hir = regex_syntax::parse(&format!("\\p{{{text}}}")).ok()?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(set)) => Some(set),
        // A property of one character, or of none.
        HirKind::Literal(literal) => {
            let c = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
            Some(range(c.into(), c.into()))
        }
        _ => None,
    }
}
