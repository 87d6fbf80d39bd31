//! Keywords about values of any type, numbers and strings, and choices.

use super::Compiler;
use crate::decimal::{Decimal, Number};
use crate::schema::MAX_DIVISOR_DIGITS;
use crate::schema::format::Format;
use crate::schema::node::{Alternatives, Branch, Expected, Node, NumberCheck, OriginId, StringCheck};
use crate::schema::number::{Divisor, Limit, is_integer};
use crate::schema::positions::PositionId;
use crate::schema::problem::{Problem, Reason};
use crate::schema::tape::Types;
use crate::schema::values::ValueSet;
use referencing::Draft;
use serde_json::{Map, Value};

type Members = Map<String, Value>;

/// Bytes of the values that a message lists.
const LISTED_BYTES: usize = 200;

impl<'r> Compiler<'_, 'r> {
    pub(super) fn scalars(&mut self, position: PositionId, members: &'r Members, node: &mut Node) -> Result<(), Problem> {
        if let Some(value) = members.get("type") {
            let types = types_of(value);
            let origin = self.origin(position, "type", Expected::Types(types));
            node.types.push((types, origin));
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
            self.spend(values.len())?;
            let origin = self.origin(position, "enum", Expected::OneOfValues(listed(values).into()));
            node.values.push((ValueSet::new(values.iter()), origin));
        }
        if let Some(value) = members.get("const").filter(|_| self.positions.draft(position) >= Draft::Draft6) {
            let origin = self.origin(position, "const", Expected::Value(listed(std::slice::from_ref(value)).into()));
            node.values.push((ValueSet::new(std::iter::once(value)), origin));
        }
        self.number_keywords(position, members, node)?;
        for (keyword, what) in [("minLength", "at least"), ("maxLength", "at most")] {
            if let Some(count) = members.get(keyword).and_then(count_of) {
                let origin = self.origin(position, keyword, Expected::Length(what, count));
                let check = if keyword == "minLength" { StringCheck::MinLength(count) } else { StringCheck::MaxLength(count) };
                node.strings.push((check, origin));
            }
        }
        if let Some(source) = members.get("pattern").and_then(Value::as_str) {
            let pattern = self.pattern(position, "pattern", source)?;
            let origin = self.origin(position, "pattern", Expected::Pattern(source.into()));
            node.strings.push((StringCheck::Pattern(pattern), origin));
        }
        self.formats(position, members, node)
    }

    pub(super) fn formats(&mut self, position: PositionId, members: &'r Members, node: &mut Node) -> Result<(), Problem> {
        let name = members.get("format").and_then(Value::as_str).filter(|_| self.formats);
        if let Some(format) = name.and_then(|name| Format::of(name, self.positions.draft(position).into())) {
            let origin = self.origin(position, "format", Expected::Format(format.name()));
            node.strings.push((StringCheck::Format(format), origin));
        }
        Ok(())
    }

    fn number_keywords(&mut self, position: PositionId, members: &'r Members, node: &mut Node) -> Result<(), Problem> {
        let is_old = self.positions.draft(position) == Draft::Draft4;
        let excludes = |keyword: &str| is_old && members.get(keyword).and_then(Value::as_bool) == Some(true);
        for (keyword, exclusive, what, what_exclusive) in
            [("minimum", "exclusiveMinimum", "at least", "more than"), ("maximum", "exclusiveMaximum", "at most", "less than")]
        {
            let low = keyword == "minimum";
            let inclusive = |limit| if low { NumberCheck::AtLeast(limit) } else { NumberCheck::AtMost(limit) };
            let strict = |limit| if low { NumberCheck::Above(limit) } else { NumberCheck::Below(limit) };
            if let Some(text) = members.get(keyword).and_then(number_of) {
                let (check, what) = if excludes(exclusive) {
                    (strict(Limit::new(text)), what_exclusive)
                } else {
                    (inclusive(Limit::new(text)), what)
                };
                let origin = self.origin(position, keyword, Expected::Number(what, text.into()));
                node.numbers.push((check, origin));
            }
            if let Some(text) = members.get(exclusive).and_then(number_of).filter(|_| !is_old) {
                let origin = self.origin(position, exclusive, Expected::Number(what_exclusive, text.into()));
                node.numbers.push((strict(Limit::new(text)), origin));
            }
        }
        if let Some(text) = members.get("multipleOf").and_then(number_of) {
            if text.len() > MAX_DIVISOR_DIGITS {
                let message = format!("a divisor is written in at most {MAX_DIVISOR_DIGITS} bytes");
                return Err(self.positions.problem(position, "multipleOf", Reason::TooComplex, message));
            }
            if let Some(divisor) = Divisor::new(text) {
                let origin = self.origin(position, "multipleOf", Expected::Number("a multiple of", text.into()));
                node.numbers.push((NumberCheck::Multiple(divisor), origin));
            }
        }
        Ok(())
    }

    pub(super) fn branches(&mut self, position: PositionId, members: &'r Members, node: &mut Node) -> Result<(), Problem> {
        for keyword in ["anyOf", "oneOf"] {
            let Some(schemas) = members.get(keyword).and_then(Value::as_array) else { continue };
            let mut nodes = Vec::new();
            for schema in schemas {
                let alternative = self.child_node(position, schema)?;
                // An equal alternative tells nothing new, unless they are counted.
                if keyword == "oneOf" || !nodes.contains(&alternative) {
                    nodes.push(alternative);
                }
            }
            let alternatives = Alternatives { nodes, ..Alternatives::default() };
            let (branch, expected) = match keyword {
                "anyOf" => (Branch::AnyOf(alternatives), Expected::AnyOf(schemas.len())),
                _ => (Branch::OneOf(alternatives), Expected::OneOf(schemas.len())),
            };
            let origin = self.origin(position, keyword, expected);
            node.branches.push((branch, origin));
        }
        if let Some(schema) = members.get("not") {
            let negated = self.child_node(position, schema)?;
            let origin = self.origin(position, "not", Expected::Not);
            node.branches.push((Branch::Not(negated), origin));
        }
        let draft = self.positions.draft(position);
        if let Some(schema) = members.get("if").filter(|_| draft >= Draft::Draft7) {
            if let Some(branch) = self.conditional(position, members, schema)? {
                let origin: OriginId = self.origin(position, "if", Expected::Then);
                node.branches.push((branch, origin));
            }
        }
        Ok(())
    }

    fn conditional(&mut self, position: PositionId, members: &'r Members, schema: &'r Value) -> Result<Option<Branch>, Problem> {
        if !members.contains_key("then") && !members.contains_key("else") {
            return Ok(None);
        }
        let condition = self.child_node(position, schema)?;
        let mut outcomes = [super::ANY; 2];
        for (keyword, outcome) in ["then", "else"].into_iter().zip(&mut outcomes) {
            if let Some(schema) = members.get(keyword) {
                *outcome = self.child_node(position, schema)?;
            }
        }
        Ok(Some(Branch::If { condition, then: outcomes[0], otherwise: outcomes[1] }))
    }
}

fn types_of(value: &Value) -> Types {
    match value {
        Value::Array(names) => names.iter().map(types_of).fold(Types::NONE, Types::or),
        Value::String(name) => match name.as_str() {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "integer" => Types::INTEGER,
            "number" => Types::NUMBER,
            "string" => Types::STRING,
            "array" => Types::ARRAY,
            "object" => Types::OBJECT,
            // Of draft 3, which none here is.
            _ => Types::ALL,
        },
        _ => Types::ALL,
    }
}

fn number_of(value: &Value) -> Option<&str> {
    value.as_number().map(serde_json::Number::as_str)
}

/// What `minLength` and the like count; more than fits counts as all that does.
pub(super) fn count_of(value: &Value) -> Option<u64> {
    let text = number_of(value)?.as_bytes();
    match Number::parse(text).0 {
        Number::Small { negative: false, mantissa, scale: 0 } => Some(mantissa),
        Number::Small { .. } => None,
        Number::Wide => (is_integer(text) && !Decimal::of(text).is_negative()).then_some(u64::MAX),
    }
}

/// The values as JSON, as far as a message has room.
fn listed(values: &[Value]) -> String {
    let mut text = String::new();
    for (number, value) in values.iter().enumerate() {
        let value = value.to_string();
        if text.len() + value.len() > LISTED_BYTES && number > 0 {
            return format!("{text} and {} more", values.len() - number);
        }
        text = if number == 0 { value } else { format!("{text}, {value}") };
    }
    text
}
