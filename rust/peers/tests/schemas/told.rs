//! What the crate tells, as the engine would tell it.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// One thing that is wrong with a record: the keyword, where the value is, where the keyword stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) keyword: String,
    pub(crate) instance: String,
    pub(crate) schema: String,
}

/// A schema inside of another, by the keys that lead there.
struct At<'s> {
    keys: Vec<String>,
    value: &'s Value,
    /// How many of them lead to the resource that it is of.
    resource: usize,
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn pointer(keys: &[String]) -> String {
    keys.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}

impl<'s> At<'s> {
    fn root(schema: &'s Value) -> Self {
        Self { keys: Vec::new(), value: schema, resource: 0 }
    }

    fn go(&mut self, key: &str) {
        self.value = match self.value {
            Value::Array(elements) => &elements[key.parse::<usize>().unwrap()],
            value => &value[key],
        };
        self.keys.push(key.to_owned());
        if self.value.get("$id").is_some() {
            self.resource = self.keys.len();
        }
    }

    /// Goes where a reference leads. The crate has followed it, so that it leads somewhere.
    fn follow(&mut self, keyword: &str, root: &'s Value) {
        let reference = self.value[keyword].as_str().unwrap();
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let own = self.keys[..self.resource].to_vec();
        *self = Self::root(root);
        let dynamic = match keyword {
            "$dynamicRef" => root.get("$dynamicAnchor").is_some_and(|anchor| anchor == fragment),
            // The resource itself has to be one that gives way.
            "$recursiveRef" => {
                root.get("$recursiveAnchor") == Some(&Value::Bool(true))
                    && root.pointer(&pointer(&own)).unwrap()["$recursiveAnchor"] == true
            }
            _ => false,
        };
        if dynamic {
            return;
        }
        if uri.is_empty() {
            own.iter().for_each(|key| self.go(key));
        } else if root.get("$id").and_then(Value::as_str).is_none_or(|id| id != uri) {
            // There is but one other resource.
            self.go("$defs");
            self.go("other");
        }
        if fragment.starts_with('/') {
            fragment.split('/').skip(1).for_each(|step| self.go(&unescaped(step)));
        }
    }

    fn told(&self, keyword: &str, instance: &str) -> Told {
        let keys = if keyword == "false" { pointer(&self.keys) } else { format!("{}/{keyword}", pointer(&self.keys)) };
        Told { keyword: keyword.to_owned(), instance: instance.to_owned(), schema: keys }
    }
}

/// Tells an error of the crate by these rules:
///
/// - what fails in `then` or `else` is a failed `if`, which is told once, for the value that it is about;
/// - a name that fails in `propertyNames` is told of the object, by that keyword;
/// - a keyword is told by its name, without the key or index inside of it: `dependentRequired`, `dependencies`;
/// - elements and members that `items`, `additionalItems` or `additionalProperties` forbid altogether are told once, of the array or object;
/// - where `maxContains` stands without `minContains`, the crate says `maxContains` of too few as of too many: both count as `contains` here;
/// - in draft 4, it is `minimum` that fails where `exclusiveMinimum` is true: that one asks nothing itself.
fn told(error: &ValidationError<'_>, schema: &Value) -> Told {
    let instance: Vec<&str> = error.instance_path().as_str().split('/').skip(1).collect();
    let path: Vec<String> = error.evaluation_path().as_str().split('/').skip(1).map(unescaped).collect();
    let instance_at = |steps: usize| instance.iter().take(steps).map(|step| format!("/{step}")).collect::<String>();
    let (mut at, mut steps, mut index) = (At::root(schema), 0, 0);
    while let Some(keyword) = path.get(index).map(String::as_str) {
        let has_more = path.len() > index + 1;
        match keyword {
            "$ref" | "$dynamicRef" | "$recursiveRef" => at.follow(keyword, schema),
            "then" | "else" => return at.told("if", &instance_at(steps)),
            "propertyNames" => return at.told(keyword, &instance_at(steps)),
            "items" | "additionalItems" | "additionalProperties" if at.value[keyword] == false => {
                return at.told(keyword, &instance_at(steps));
            }
            "allOf" if has_more => {
                at.go(keyword);
                at.go(&path[index + 1]);
                index += 1;
            }
            "properties" | "patternProperties" | "prefixItems" if has_more => {
                at.go(keyword);
                at.go(&path[index + 1]);
                (index, steps) = (index + 1, steps + 1);
            }
            "dependentSchemas" | "dependencies" if has_more && !at.value[keyword][&path[index + 1]].is_array() => {
                at.go(keyword);
                at.go(&path[index + 1]);
                index += 1;
            }
            "items" if at.value[keyword].is_array() => {
                at.go(keyword);
                at.go(&path[index + 1]);
                (index, steps) = (index + 1, steps + 1);
            }
            "items" | "additionalItems" | "additionalProperties"
                if has_more || matches!(error.kind(), ValidationErrorKind::FalseSchema) =>
            {
                at.go(keyword);
                steps += 1;
            }
            "maxContains" if at.value.get("minContains").is_none() => return at.told("contains", &instance_at(steps)),
            "exclusiveMinimum" if at.value[keyword] == true => return at.told("minimum", &instance_at(steps)),
            "exclusiveMaximum" if at.value[keyword] == true => return at.told("maximum", &instance_at(steps)),
            _ => return at.told(keyword, &instance_at(steps)),
        }
        index += 1;
    }
    at.told("false", &instance_at(steps))
}

/// What the engine tells, as far as the crate tells it apart.
pub(crate) fn as_the_crate(told: &Told, schema: &Value) -> Told {
    let keywords = told.schema.strip_suffix("/maxContains").filter(|_| told.keyword == "maxContains");
    match keywords.filter(|at| schema.pointer(at).is_some_and(|members| members.get("minContains").is_none())) {
        Some(at) => Told { keyword: "contains".to_owned(), schema: format!("{at}/contains"), ..told.clone() },
        None => told.clone(),
    }
}

/// All that is wrong with a record.
pub(crate) fn all_told(errors: impl Iterator<Item = ValidationError<'static>>, schema: &Value) -> BTreeSet<Told> {
    errors.map(|error| told(&error, schema)).collect()
}

/// Writes `value` as JSON, and notes where each value in it begins, by its pointer.
pub(crate) fn write(value: &Value, path: &str, text: &mut String, offsets: &mut HashMap<String, usize>) {
    offsets.insert(path.to_owned(), text.len());
    match value {
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write(element, &format!("{path}/{index}"), text, offsets);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(member, &format!("{path}{}", pointer(std::slice::from_ref(key))), text, offsets);
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}
