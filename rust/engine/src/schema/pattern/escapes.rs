//! Reads the escapes and classes of a pattern.

use super::PatternError;
use super::sets;
use super::syntax::Reader;
use regex_syntax::hir::ClassUnicode;

/// What an escape stands for.
pub(super) enum Escape {
    /// A code point, which may be half a surrogate pair.
    Code(u32),
    Set(ClassUnicode),
}

type Read<T> = Result<T, PatternError>;

impl Reader<'_> {
    /// A class; its bracket is read.
    pub(super) fn class(&mut self) -> Read<ClassUnicode> {
        let negative = self.take("^");
        let mut set = ClassUnicode::empty();
        while let Some(first) = self.class_atom()? {
            // A hyphen before the end of the class is a character.
            let is_range = !self.rest().starts_with("-]") && self.take("-");
            match (first, if is_range { self.class_atom()? } else { None }) {
                (Escape::Code(low), Some(Escape::Code(high))) => {
                    if low > high {
                        return Err(self.invalid("a range of characters ends before it begins"));
                    }
                    set.union(&sets::range(low, high));
                }
                // No range can begin or end with a class: the hyphen is a character.
                (first, second) => {
                    set.union(&sets::of(first));
                    if is_range {
                        set.union(&sets::range('-'.into(), '-'.into()));
                    }
                    set.union(&second.map_or_else(ClassUnicode::empty, sets::of));
                }
            }
        }
        self.count_ranges(set.ranges().len())?;
        let set = if self.flags.fold { sets::folded(set) } else { set };
        Ok(if negative { sets::negated(set) } else { set })
    }

    /// What comes next in a class, or `None` at its end.
    fn class_atom(&mut self) -> Read<Option<Escape>> {
        match self.next() {
            None => Err(self.invalid("a class is not closed")),
            Some(']') => Ok(None),
            Some('\\') if self.take("b") => Ok(Some(Escape::Code(8))),
            Some('\\') => self.character_escape().map(Some),
            Some(c) => Ok(Some(Escape::Code(c.into()))),
        }
    }

    /// An escape that stands for characters; its backslash is read.
    pub(super) fn character_escape(&mut self) -> Read<Escape> {
        let Some(c) = self.next() else { return Err(self.invalid("the pattern ends in a backslash")) };
        Ok(Escape::Code(match c {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => return Ok(Escape::Set(self.shorthand(c))),
            'p' | 'P' => return self.property(c == 'P').map(Escape::Set),
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            '0' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => 0,
            'c' => match self.next() {
                Some(letter) if letter.is_ascii_alphabetic() => u32::from(letter) % 32,
                _ => return Err(self.invalid("\\c takes a letter")),
            },
            'x' => self.hex(2)?,
            'u' => self.unicode()?,
            c if !c.is_alphanumeric() => c.into(),
            c => return Err(self.invalid(&format!("there is no escape \\{c}"))),
        }))
    }

    fn shorthand(&self, letter: char) -> ClassUnicode {
        let set = match letter.to_ascii_lowercase() {
            'd' => sets::digits(),
            's' => sets::spaces(),
            _ if self.flags.fold => sets::folded(sets::words()),
            _ => sets::words(),
        };
        if letter.is_ascii_uppercase() { sets::negated(set) } else { set }
    }

    /// `{Lu}` or `{Script=Greek}`.
    fn property(&mut self, negative: bool) -> Read<ClassUnicode> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let text = match self.property_name() {
            Some(text) if text.split('=').all(|name| !name.is_empty() && name.chars().all(is_name)) => text,
            _ => return Err(self.invalid("a property is written \\p{Name} or \\p{Name=Value}")),
        };
        let Some(set) = sets::property(text) else { return Err(self.invalid("there is no such property of characters")) };
        self.count_ranges(set.ranges().len())?;
        let set = if self.flags.fold { sets::folded(set) } else { set };
        Ok(if negative { sets::negated(set) } else { set })
    }

    fn property_name(&mut self) -> Option<&str> {
        let text = self.rest().strip_prefix('{')?;
        let (name, _) = text.split_once('}')?;
        self.skip(name.len() + 2);
        Some(name)
    }

    fn hex(&mut self, count: usize) -> Read<u32> {
        let digits = self.digits(16, count);
        match u32::from_str_radix(digits, 16) {
            Ok(code) if digits.len() == count => Ok(code),
            _ => Err(self.invalid("a code is written \\x41, \\u0041 or \\u{41}")),
        }
    }

    /// What follows `\u`. Two halves of a surrogate pair are one character.
    fn unicode(&mut self) -> Read<u32> {
        if self.take("{") {
            let digits = self.digits(16, usize::MAX);
            return match u32::from_str_radix(&digits[digits.len().saturating_sub(8)..], 16) {
                Ok(code) if code <= char::MAX.into() && has_value(digits) && self.take("}") => Ok(code),
                _ => Err(self.invalid("a code is written \\x41, \\u0041 or \\u{41}")),
            };
        }
        let high = self.hex(4)?;
        if !(0xd800..0xdc00).contains(&high) || !self.rest().starts_with("\\u") {
            return Ok(high);
        }
        let Some(Ok(low)) = self.rest().get(2..6).map(|digits| u32::from_str_radix(digits, 16)) else { return Ok(high) };
        if !(0xdc00..0xe000).contains(&low) {
            return Ok(high);
        }
        self.take("\\u");
        self.hex(4)?;
        Ok(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }
}

/// Whether hexadecimal digits are of at most 32 bits, not counting zeros in front.
fn has_value(digits: &str) -> bool {
    digits.trim_start_matches('0').len() <= 8
}
