//! A JSON Schema 2020-12 of what was seen: narrow where the data leave no doubt, and never so narrow that they are not valid by it.

use super::field::{Field, Kept};
use super::paths::{Path, Paths, ROOT};

/// Values of which every one must have a format for it to be told.
const LEAST_FOR_FORMAT: u64 = 100;
/// Values of which at most [`MOST_IN_ENUM`] may be different for all of them to be listed.
const LEAST_FOR_ENUM: u64 = 1000;
const MOST_IN_ENUM: usize = 20;

/// What is still to be written, the last first.
enum Step {
    Path(Path),
    Text(String),
}

/// The schema as compact JSON; properties in order of first sight.
pub(super) fn infer(paths: &Paths, kept: Kept) -> String {
    let mut out = String::from(r#"{"$schema":"https://json-schema.org/draft/2020-12/schema""#);
    let children = paths.children_by_sight();
    let mut steps = vec![Step::Path(ROOT)];
    // The first brace stands already.
    let mut is_first = true;
    while let Some(step) = steps.pop() {
        match step {
            Step::Text(text) => out.push_str(&text),
            Step::Path(path) => {
                if !is_first {
                    out.push('{');
                }
                let of_values = of_values(paths.seen(path), kept);
                if is_first && !of_values.is_empty() {
                    out.push(',');
                }
                is_first = false;
                out.push_str(&of_values);
                steps.push(Step::Text("}".to_owned()));
                inside(paths, path, &children[path as usize], of_values.is_empty(), &mut steps);
            }
        }
    }
    out
}

/// What the values themselves are; without braces.
fn of_values(field: &Field, kept: Kept) -> String {
    let mut parts = Vec::new();
    let types = field.schema_types();
    match types.as_slice() {
        [] => {}
        [one] => parts.push(format!(r#""type":"{one}""#)),
        several => {
            let quoted: Vec<_> = several.iter().map(|name| format!(r#""{name}""#)).collect();
            parts.push(format!(r#""type":[{}]"#, quoted.join(",")));
        }
    }
    if let Some(format) = field.common_format(LEAST_FOR_FORMAT) {
        parts.push(format!(r#""format":"{format}""#));
    }
    if let Some(values) = field.listed(LEAST_FOR_ENUM, MOST_IN_ENUM, kept) {
        parts.push(format!(r#""enum":[{}]"#, values.join(",")));
    }
    parts.join(",")
}

/// What stands inside arrays and objects, pushed so that the first is popped first.
fn inside(paths: &Paths, path: Path, children: &[Path], mut is_first: bool, steps: &mut Vec<Step>) {
    let mut pending = Vec::new();
    let mut text = |pending: &mut Vec<Step>, text: &str| {
        let comma = if std::mem::take(&mut is_first) { "" } else { "," };
        pending.push(Step::Text(format!("{comma}{text}")));
    };
    let field = paths.seen(path);
    let keyed: Vec<Path> = children.iter().copied().filter(|child| !paths.is_star(*child)).collect();
    if !keyed.is_empty() {
        text(&mut pending, r#""properties":{"#);
        for (number, child) in keyed.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            pending.push(Step::Text(format!("{comma}{}:", paths.key(*child))));
            pending.push(Step::Path(*child));
        }
        pending.push(Step::Text("}".to_owned()));
        let always = keyed.iter().filter(|child| paths.seen(**child).present == field.objects());
        let required: Vec<String> = always.map(|child| paths.key(*child)).collect();
        if !required.is_empty() {
            text(&mut pending, &format!(r#""required":[{}]"#, required.join(",")));
        }
    }
    if let Some(star) = children.iter().find(|child| paths.is_star(**child)) {
        for (name, applies) in [("items", field.has_arrays()), ("additionalProperties", paths.is_collapsed(path))] {
            if applies {
                text(&mut pending, &format!(r#""{name}":"#));
                pending.push(Step::Path(*star));
            }
        }
    }
    steps.extend(pending.into_iter().rev());
}
