//! Reads ECMA-262 patterns.

use super::PatternError;
use super::escapes::Escape;
use super::sets;
use regex_syntax::hir::ClassUnicode;
use std::collections::HashSet;

/// How deep groups may stand in each other.
const MAX_NESTING: usize = 100;

/// How many look-arounds and back-references one pattern may have: each may cost an automaton of its own.
const MAX_HARD_PARTS: usize = 256;

/// How many ranges of characters the properties of one pattern may name, at 8 bytes each; `\p{L}` has some 660.
const MAX_RANGES: usize = 128 << 10;

/// A part of a pattern. Flags are settled when it is read: none of them is left here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Char(char),
    /// One character of a set, which may be empty.
    Class(ClassUnicode),
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// Where a word of ASCII begins or ends, or where none does.
    WordEdge {
        negative: bool,
    },
    Look {
        ahead: bool,
        negative: bool,
        inner: Box<Node>,
    },
    Capture {
        inner: Box<Node>,
    },
    /// What the first of these groups that took part captured, or nothing if none did.
    Back {
        groups: Vec<usize>,
        fold: bool,
    },
    Repeat {
        inner: Box<Node>,
        min: u32,
        max: Option<u32>,
        lazy: bool,
    },
    /// All of them in order; none is the empty pattern.
    Concat(Vec<Node>),
    Either(Vec<Node>),
}

/// Flags that hold where the reader is.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) fold: bool,
    multi_line: bool,
    dot_all: bool,
}

pub(super) struct Reader<'a> {
    source: &'a str,
    at: usize,
    pub(super) flags: Flags,
    /// The names of all capturing groups, in order.
    names: Vec<Option<&'a str>>,
    depth: usize,
    hard_parts: usize,
    ranges: usize,
}

type Read<T> = Result<T, PatternError>;

/// Reads a whole pattern.
pub(super) fn parse(source: &str) -> Read<Node> {
    let mut reader =
        Reader { source, at: 0, flags: Flags::default(), names: group_names(source), depth: 0, hard_parts: 0, ranges: 0 };
    let node = reader.either()?;
    if reader.at < source.len() {
        return Err(reader.invalid("a parenthesis closes nothing"));
    }
    reader.check_names()?;
    Ok(node)
}

/// The names of capturing groups, found before reading, since references may come before them.
fn group_names(source: &str) -> Vec<Option<&str>> {
    let mut names = Vec::new();
    let (mut in_class, mut rest) = (false, source);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = rest.chars().next().map_or("", |escaped| &rest[escaped.len_utf8()..]),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => match rest.strip_prefix("?<") {
                Some(named) if !named.starts_with(['=', '!']) => names.push(named.split_once('>').map(|(name, _)| name)),
                None if !rest.starts_with('?') => names.push(None),
                _ => {}
            },
            _ => {}
        }
    }
    names
}

impl<'a> Reader<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn take(&mut self, expected: &str) -> bool {
        let taken = self.rest().starts_with(expected);
        if taken {
            self.at += expected.len();
        }
        taken
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Digits in this radix, at most `most` of them.
    pub(super) fn digits(&mut self, radix: u32, most: usize) -> &'a str {
        let count = self.rest().chars().take(most).take_while(|c| c.is_digit(radix)).count();
        let digits = &self.rest()[..count];
        self.at += count;
        digits
    }

    pub(super) fn invalid(&self, what: &str) -> PatternError {
        PatternError::Invalid(format!("{what} (byte {} of the pattern)", self.at))
    }

    fn count_hard_part(&mut self) -> Read<()> {
        self.hard_parts += 1;
        if self.hard_parts <= MAX_HARD_PARTS {
            return Ok(());
        }
        Err(PatternError::TooLarge(format!("the pattern has more than {MAX_HARD_PARTS} look-arounds and back-references")))
    }

    pub(super) fn count_ranges(&mut self, count: usize) -> Read<()> {
        self.ranges += count;
        if self.ranges <= MAX_RANGES {
            return Ok(());
        }
        Err(PatternError::TooLarge(format!("the properties of characters in the pattern take more than {MAX_RANGES} ranges")))
    }

    /// Alternatives up to the end of the group or pattern.
    fn either(&mut self) -> Read<Node> {
        let mut all = vec![self.concat()?];
        while self.take("|") {
            all.push(self.concat()?);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Node::Either(all) })
    }

    fn concat(&mut self) -> Read<Node> {
        let mut all = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')')) {
            all.push(self.term()?);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Node::Concat(all) })
    }

    fn term(&mut self) -> Read<Node> {
        let before = self.at;
        let node = match self.next() {
            Some('^') => self.line_edge(Node::Start, false),
            Some('$') => self.line_edge(Node::End, true),
            Some('(') => self.group()?,
            Some('.') if self.flags.dot_all => Node::Class(sets::any()),
            Some('.') => Node::Class(sets::negated(sets::line_ends())),
            Some('[') => Node::Class(self.class()?),
            Some('\\') => self.escape()?,
            Some('*' | '+' | '?') => return Err(self.invalid("nothing to repeat")),
            Some('{') if self.peek().is_some_and(|c| c.is_ascii_digit() || c == ',') => {
                return Err(self.invalid("nothing to repeat"));
            }
            Some(c) => self.character(c.into()),
            None => return Ok(Node::Concat(Vec::new())),
        };
        let is_assertion = matches!(node, Node::Start | Node::End | Node::WordEdge { .. } | Node::Look { .. });
        let Some((min, max)) = self.quantifier()? else { return Ok(node) };
        if is_assertion || self.source.as_bytes()[before] == b'^' || self.source.as_bytes()[before] == b'$' {
            return Err(self.invalid("an assertion cannot be repeated"));
        }
        let lazy = self.take("?");
        Ok(Node::Repeat { inner: Box::new(node), min, max, lazy })
    }

    /// `^` or `$`, which by the flag `m` hold at each line as well.
    fn line_edge(&self, edge: Node, ahead: bool) -> Node {
        if !self.flags.multi_line {
            return edge;
        }
        let inner = Box::new(Node::Class(sets::line_ends()));
        Node::Either(vec![edge, Node::Look { ahead, negative: false, inner }])
    }

    /// One character, or by the flag `i` all that fold as it does; nothing for half a surrogate pair, which no text has.
    fn character(&self, code: u32) -> Node {
        match char::from_u32(code) {
            Some(c) if !self.flags.fold => Node::Char(c),
            Some(c) => Node::Class(sets::folded(sets::range(c.into(), c.into()))),
            None => Node::Class(ClassUnicode::empty()),
        }
    }

    /// How often, if a quantifier comes.
    fn quantifier(&mut self) -> Read<Option<(u32, Option<u32>)>> {
        let often = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.braces(),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(often))
    }

    /// `{2}`, `{2,}` or `{2,3}`. A brace that no digit follows is a character of the next term.
    fn braces(&mut self) -> Read<Option<(u32, Option<u32>)>> {
        if !self.rest()[1..].starts_with(|c: char| c.is_ascii_digit() || c == ',') {
            return Ok(None);
        }
        self.at += 1;
        let count = |digits: &str| digits.parse().unwrap_or(u32::MAX);
        let min = self.digits(10, usize::MAX);
        let max = if self.take(",") { self.digits(10, usize::MAX) } else { min };
        if min.is_empty() || !self.take("}") {
            return Err(self.invalid("a quantifier is written {2}, {2,} or {2,3}"));
        }
        let max = (!max.is_empty()).then(|| count(max));
        if max.is_some_and(|max| max < count(min)) {
            return Err(self.invalid("a quantifier asks for more than it allows"));
        }
        Ok(Some((count(min), max)))
    }

    /// A group; its parenthesis is read.
    fn group(&mut self) -> Read<Node> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(PatternError::TooLarge(format!("groups stand in each other more than {MAX_NESTING} deep")));
        }
        let flags = self.flags;
        let wrap = self.group_kind()?;
        let node = wrap(self.either()?);
        self.flags = flags;
        if !self.take(")") {
            return Err(self.invalid("a group is not closed"));
        }
        self.depth -= 1;
        Ok(node)
    }

    fn group_kind(&mut self) -> Read<fn(Node) -> Node> {
        if !self.take("?") {
            return Ok(|inner| Node::Capture { inner: inner.into() });
        }
        if ["=", "!", "<=", "<!"].iter().any(|kind| self.rest().starts_with(kind)) {
            self.count_hard_part()?;
        }
        if self.take("=") {
            return Ok(|inner| Node::Look { ahead: true, negative: false, inner: inner.into() });
        }
        if self.take("!") {
            return Ok(|inner| Node::Look { ahead: true, negative: true, inner: inner.into() });
        }
        if self.take("<=") {
            return Ok(|inner| Node::Look { ahead: false, negative: false, inner: inner.into() });
        }
        if self.take("<!") {
            return Ok(|inner| Node::Look { ahead: false, negative: true, inner: inner.into() });
        }
        if self.take("<") {
            self.name()?;
            return Ok(|inner| Node::Capture { inner: inner.into() });
        }
        self.modifiers()?;
        Ok(|inner| Node::Concat(vec![inner]))
    }

    /// `:`, or modifiers such as `i:` and `i-s:`.
    fn modifiers(&mut self) -> Read<()> {
        let (mut seen, mut on) = (String::new(), true);
        loop {
            let flag = match self.next() {
                Some(':') if on || !seen.is_empty() => return Ok(()),
                Some('-') if on => {
                    on = false;
                    continue;
                }
                Some('i') => &mut self.flags.fold,
                Some('m') => &mut self.flags.multi_line,
                Some('s') => &mut self.flags.dot_all,
                _ => return Err(self.invalid("no such kind of group")),
            };
            *flag = on;
            let letter = &self.source[self.at - 1..self.at];
            if seen.contains(letter) {
                return Err(self.invalid("a flag is there twice"));
            }
            seen.push_str(letter);
        }
    }

    /// The name of a group, up to its `>`.
    fn name(&mut self) -> Read<&'a str> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '$' | '_' | '\u{200c}' | '\u{200d}');
        match self.rest().split_once('>') {
            Some((name, _)) if name.starts_with(|c: char| is_part(c) && !c.is_numeric()) && name.chars().all(is_part) => {
                self.at += name.len() + 1;
                Ok(name)
            }
            _ => Err(self.invalid("a group's name is not an identifier")),
        }
    }

    /// Two groups may have one name only where no match has both, which is seldom needed and told by a stricter reader.
    fn check_names(&self) -> Read<()> {
        let mut seen = HashSet::new();
        if !self.names.iter().flatten().all(|name| seen.insert(*name)) && !jsonschema_regex::is_valid_ecma_regex(self.source) {
            return Err(self.invalid("two groups have the same name"));
        }
        Ok(())
    }

    /// An escape outside of a class; its backslash is read.
    fn escape(&mut self) -> Read<Node> {
        Ok(match self.peek() {
            Some('b') => self.word_edge(false),
            Some('B') => self.word_edge(true),
            Some('k') => self.named_reference()?,
            Some('1'..='9') => {
                self.count_hard_part()?;
                let number = self.digits(10, usize::MAX).parse().unwrap_or(usize::MAX);
                if number > self.names.len() {
                    return Err(self.invalid("a reference has no such group"));
                }
                Node::Back { groups: vec![number], fold: self.flags.fold }
            }
            _ => match self.character_escape()? {
                Escape::Code(code) => self.character(code),
                Escape::Set(set) => Node::Class(set),
            },
        })
    }

    fn word_edge(&mut self, negative: bool) -> Node {
        self.at += 1;
        Node::WordEdge { negative }
    }

    fn named_reference(&mut self) -> Read<Node> {
        self.count_hard_part()?;
        self.at += 1;
        if !self.take("<") {
            return Err(self.invalid("a reference by name is written \\k<name>"));
        }
        let name = self.name()?;
        let has_name = |(at, other): (usize, &Option<&str>)| (*other == Some(name)).then_some(at + 1);
        let groups: Vec<usize> = self.names.iter().enumerate().filter_map(has_name).collect();
        if groups.is_empty() {
            return Err(self.invalid("a reference has no such group"));
        }
        Ok(Node::Back { groups, fold: self.flags.fold })
    }
}
