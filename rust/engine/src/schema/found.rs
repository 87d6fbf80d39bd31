//! What fails in one record, told.

use super::judge::Frame;
use super::node::{Expected, Origin, OriginId, Program};
use super::pattern::MAX_BACKTRACKS;
use super::tape::{At, Types, View};
use crate::judge::{MAX_POINTER_BYTES, Segment, cut, pointer, write_path};
use crate::proto::ViolationCode;
use crate::report::Kind;
use std::fmt::Write;

/// Violations of one record that are told: more hide the others, and cost more than they tell.
pub(crate) const MAX_FOUND: usize = 16;
/// Bytes of a value that a message shows.
const SHOWN_BYTES: usize = 64;
/// Bytes of a message.
const MAX_MESSAGE_BYTES: usize = 512;

/// One violation of a schema.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    /// Of the value, in its record.
    pub(crate) offset: usize,
    pub(crate) keyword: &'static str,
    pub(crate) schema_pointer: String,
    /// As a group has it.
    pub(crate) path: String,
    pub(crate) instance_pointer: String,
    pub(super) at: At,
    pub(super) about: About,
    pub(super) origin: OriginId,
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The value where it is.
    Value,
    /// This key of it.
    Key(At),
    /// That telling it would take too many steps.
    Steps,
}

impl Violation {
    pub(crate) fn kind(&self) -> Kind<'_> {
        Kind { code: ViolationCode::Schema, keyword: self.keyword, schema_pointer: &self.schema_pointer }
    }
}

/// The violations of a record that are lowest by offset and schema pointer, in that order.
#[derive(Debug, Default)]
pub(super) struct Found {
    list: Vec<Violation>,
    /// Where the record begins in the text of its tape.
    start: usize,
}

impl Found {
    /// Begins a record, which stands at `start` in the text of its tape.
    pub(super) fn begin(&mut self, start: usize) {
        self.list.clear();
        self.start = start;
    }

    pub(super) fn list(&self) -> &[Violation] {
        &self.list
    }

    /// Notes that judging took more steps than it may, if nothing else is told.
    pub(super) fn note_steps(&mut self) {
        if self.list.is_empty() {
            self.list.push(Violation {
                offset: 0,
                keyword: "",
                schema_pointer: String::new(),
                path: String::new(),
                instance_pointer: String::new(),
                at: 0,
                about: About::Value,
                origin: OriginId::MAX,
            });
        }
    }

    /// Notes that the value at `at`, to which the frames lead, is not as a keyword asks.
    pub(super) fn note(
        &mut self,
        program: &Program,
        view: View<'_>,
        frames: &[Frame],
        origin: OriginId,
        (at, about): (At, About),
    ) {
        let offset = view.start(at) - self.start;
        if self.list.len() == MAX_FOUND && self.list.last().is_some_and(|last| last.offset < offset) {
            return;
        }
        let schema_pointer = program.pointer(origin);
        let order = |it: &Violation| (it.offset, &*it.schema_pointer, it.origin).cmp(&(offset, &*schema_pointer, origin));
        let Err(place) = self.list.binary_search_by(order) else { return };
        if place == MAX_FOUND {
            return;
        }
        let mut path = String::new();
        write_path(segments(frames, view, at), &mut path);
        let violation = Violation {
            offset,
            keyword: program.origins[origin as usize].keyword,
            instance_pointer: pointer(segments(frames, view, at)),
            path,
            schema_pointer,
            at,
            about,
            origin,
        };
        self.list.insert(place, violation);
        self.list.truncate(MAX_FOUND);
    }
}

/// The way to the value at `at`.
fn segments<'a>(frames: &'a [Frame], view: View<'a>, at: At) -> impl Iterator<Item = Segment<'a>> {
    frames.iter().filter_map(move |frame| match frame {
        // Those of the value itself, and of its members, are no step on the way to it.
        Frame::Object(object) if object.open < at => Some(Segment::Key(view.raw(object.current))),
        Frame::Array(array) if array.open < at => Some(Segment::Index(array.index)),
        _ => None,
    })
}

impl Program {
    /// Where a keyword stands, as far as a pointer has room.
    pub(super) fn pointer(&self, origin: OriginId) -> String {
        let origin = &self.origins[origin as usize];
        let mut pointer = self.pointers.tell(origin.place);
        if origin.keyword != "false" {
            // Infallible for a string.
            let _ = write!(pointer, "/{}", origin.keyword);
        }
        cut(pointer, MAX_POINTER_BYTES)
    }

    /// What a message says of a violation; values of the record only where they are to be shown.
    pub(super) fn message(&self, violation: &Violation, view: View<'_>, shown: Shown) -> String {
        let Some(Origin { expected, .. }) = self.origins.get(violation.origin as usize) else {
            return "to judge it by the schema takes more steps than a record of its size may take".to_owned();
        };
        let mut text = expected.to_string();
        let at = violation.at;
        match violation.about {
            About::Value => {}
            About::Key(key) => {
                let key = String::from_utf8_lossy(view.raw(key)).into_owned();
                let _ = write!(text, ", found \"{}\"", cut(key, SHOWN_BYTES));
                return cut(text, MAX_MESSAGE_BYTES);
            }
            About::Steps => {
                let _ = write!(text, ", which takes more than {MAX_BACKTRACKS} steps to tell");
            }
        }
        let found = match expected {
            Expected::Key(_) | Expected::KeyWith(..) | Expected::Unique | Expected::KeyNames | Expected::Contains(..) => None,
            Expected::NoMoreKeys | Expected::NoneUnevaluated(_) => None,
            Expected::Items(..) | Expected::NoMoreItems(_) => Some(format!("{}", count(view, at))),
            Expected::Properties(..) => Some(format!("{}", count(view, at) / 2)),
            Expected::AnyOf(_) | Expected::OneOf(_) | Expected::Not | Expected::Then => {
                Some(type_name(view.type_of(at)).to_owned())
            }
            Expected::Length(..) => {
                let length = bytecount::num_chars(&view.string(at));
                Some(format!("{length}{}", value_shown(view, at, shown)))
            }
            _ => Some(format!("{}{}", type_name(view.type_of(at)), value_shown(view, at, shown))),
        };
        if let Some(found) = found {
            let _ = write!(text, ", found {found}");
        }
        cut(text, MAX_MESSAGE_BYTES)
    }
}

/// Whether values of the record are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Values,
    TypesOnly,
}

/// Entries right inside the container at `open`.
fn count(view: View<'_>, open: At) -> u32 {
    let (mut at, mut count) = (open + 1, 0);
    while !matches!(view.byte(at), b']' | b'}') {
        (at, count) = (view.next(at), count + 1);
    }
    count
}

fn value_shown(view: View<'_>, at: At, shown: Shown) -> String {
    let types = Types::STRING.or(Types::NUMBER).or(Types::BOOLEAN);
    if shown == Shown::TypesOnly || !types.has_any(view.begun(at)) {
        return String::new();
    }
    let written = view.written(at);
    // Some more than can be shown, so that what is cut ends in an ellipsis.
    let text = String::from_utf8_lossy(&written[..written.len().min(2 * SHOWN_BYTES)]).into_owned();
    format!(" {}", cut(text, SHOWN_BYTES))
}

fn type_name(types: Types) -> &'static str {
    match types {
        Types::NULL => "null",
        Types::BOOLEAN => "boolean",
        Types::INTEGER => "integer",
        Types::FRACTION | Types::NUMBER => "number",
        Types::STRING => "string",
        Types::ARRAY => "array",
        _ => "object",
    }
}

impl std::fmt::Display for Types {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = [Self::NULL, Self::BOOLEAN, Self::NUMBER, Self::INTEGER, Self::STRING, Self::ARRAY, Self::OBJECT];
        let mut rest = *self;
        let mut names = Vec::new();
        for one in all {
            if rest.and(one) == one {
                names.push(type_name(one));
                rest = Self(rest.0 & !one.0);
            }
        }
        out.write_str(&if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") })
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        match self {
            Self::Types(types) => write!(out, "expected {types}"),
            Self::Nothing => out.write_str("expected no value here"),
            Self::Value(value) => write!(out, "expected {value}"),
            Self::OneOfValues(values) => write!(out, "expected one of {values}"),
            Self::Number(what, limit) => write!(out, "expected {what} {limit}"),
            Self::Length(what, count) => write!(out, "expected {what} {count} character{}", plural(*count)),
            Self::Items(what, count) => write!(out, "expected {what} {count} item{}", plural(*count)),
            Self::Properties(what, count) => {
                write!(out, "expected {what} {count} propert{}", if *count == 1 { "y" } else { "ies" })
            }
            Self::Pattern(pattern) => write!(out, "expected a match of {pattern}"),
            Self::Format(name) => write!(out, "expected the format {name}"),
            Self::Unique => out.write_str("expected items that differ, found two that are equal"),
            Self::Key(name) => write!(out, "expected the property {name:?}"),
            Self::KeyWith(name, other) => write!(out, "expected the property {name:?}, since {other:?} is there"),
            Self::NoMoreKeys => out.write_str("expected no other properties"),
            Self::NoMoreItems(count) => write!(out, "expected at most {count} item{}", plural(*count)),
            Self::KeyNames => out.write_str("expected other names of properties"),
            Self::Contains(what, count) => write!(out, "expected {what} {count} item{} of the kind asked for", plural(*count)),
            Self::AnyOf(count) => write!(out, "expected at least one of {count} schemas to hold"),
            Self::OneOf(count) => write!(out, "expected exactly one of {count} schemas to hold"),
            Self::Not => out.write_str("expected the schema not to hold"),
            Self::Then => out.write_str("expected what follows from the condition to hold"),
            Self::NoneUnevaluated(what) => write!(out, "expected no other {what}"),
        }
    }
}
