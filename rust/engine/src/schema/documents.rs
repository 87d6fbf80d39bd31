//! The texts of a schema and its resources, parsed, and the places in them.

use super::problem::{Problem, Problems, Reason};
use super::{MAX_SCHEMA_BYTES, MAX_SCHEMA_DEPTH};
use ahash::RandomState;
use referencing::{Draft, Registry, SPECIFICATIONS};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

/// What a schema without an `$id` has as its base; no reference leads there but from itself.
const OWN_URI: &str = "json-schema:///";

/// The schema and its resources. The schema comes first, under an empty URI.
pub(super) struct Documents {
    list: Vec<(String, Value)>,
    texts: Vec<String>,
    pub(super) draft: Draft,
}

impl Documents {
    pub(super) fn parse(schema: &str, resources: &BTreeMap<String, String>) -> Result<Self, Problems> {
        let bytes = schema.len() + resources.values().map(String::len).sum::<usize>();
        if bytes > MAX_SCHEMA_BYTES {
            let text = format!("a schema has at most {MAX_SCHEMA_BYTES} bytes, its resources included; these are {bytes}");
            return Err(Problem::of_all(Reason::TooComplex, text).into());
        }
        let mut list = vec![(String::new(), parse(schema, "")?)];
        for (uri, text) in resources {
            list.push((uri.clone(), parse(text, uri)?));
        }
        let texts = std::iter::once(schema).chain(resources.values().map(String::as_str)).map(str::to_owned).collect();
        let mut documents = Self { draft: Draft::default(), list, texts };
        documents.draft = documents.draft_of(&documents.list[0].1)?;
        Ok(documents)
    }

    /// The draft that a document names, or the metaschema that it names does.
    fn draft_of(&self, document: &Value) -> Result<Draft, Problem> {
        let mut current = document;
        for _ in 0..=self.list.len() {
            match Draft::default().detect(current) {
                Draft::Unknown => {}
                known => return Ok(known),
            }
            let named = current.get("$schema").and_then(Value::as_str).unwrap_or_default();
            let resource = self.list.iter().find(|(uri, document)| {
                let id = document.get("$id").and_then(Value::as_str);
                [Some(uri.as_str()), id].into_iter().flatten().any(|it| it.trim_end_matches('#') == named.trim_end_matches('#'))
            });
            let Some((_, found)) = resource else {
                return Err(Problem {
                    pointer: "/$schema".to_owned(),
                    ..Problem::of_all(
                        Reason::RefUnresolved,
                        format!("no draft has the metaschema {named:?}, and no resource of that URI is given"),
                    )
                });
            };
            current = found;
        }
        Err(Problem {
            pointer: "/$schema".to_owned(),
            ..Problem::of_all(Reason::Invalid, "metaschemas name each other in a circle")
        })
    }

    pub(super) fn schema(&self) -> &Value {
        &self.list[0].1
    }

    /// Each with its URI.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.list.iter().map(|(uri, document)| (uri.as_str(), document))
    }

    /// The texts with their URIs and drafts, but for those of a metaschema of their own.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str, Draft)> {
        self.list.iter().zip(&self.texts).filter_map(|((uri, document), text)| match self.draft.detect(document) {
            Draft::Unknown => None,
            draft => Some((uri.as_str(), text.as_str(), draft)),
        })
    }

    /// What the schema itself is known as.
    pub(super) fn uri(&self) -> &str {
        let id = self.draft.id_keyword();
        match self.schema().get(id).and_then(Value::as_str).map(|id| id.trim_end_matches('#')) {
            Some(id) if !id.is_empty() && !id.starts_with('#') && referencing::uri::from_str(id).is_ok() => id,
            _ => OWN_URI,
        }
    }

    /// Finds what references lead to. Nothing is fetched: what is not given stands as [`NOT_GIVEN`].
    pub(super) fn registry(&self) -> Result<Registry<'_>, Problem> {
        let problem = |uri: &str, error: &referencing::Error| Problem {
            resource: uri.to_owned(),
            ..Problem::of_all(reason_of(error), error.to_string())
        };
        let mut builder = SPECIFICATIONS.extend(std::iter::empty::<(&str, &Value)>()).map_err(|error| problem("", &error))?;
        builder = builder.draft(self.draft).retrieve_known_draft_meta_schemas(false).retriever(NothingElse);
        for (uri, document) in self.list.iter().skip(1).filter(|(uri, _)| !SPECIFICATIONS.contains_resource(uri)) {
            // Its own draft, where it names one.
            let resource = match self.draft.detect(document) {
                Draft::Unknown => self.draft_of(document).unwrap_or(self.draft),
                draft => draft,
            };
            builder = builder.add(uri, resource.create_resource_ref(document)).map_err(|error| problem(uri, &error))?;
        }
        builder = builder.add(self.uri(), self.draft.create_resource_ref(self.schema())).map_err(|error| problem("", &error))?;
        builder.prepare().map_err(|error| problem("", &error))
    }
}

/// Stands for a resource that is not given. It is no schema.
const NOT_GIVEN: &str = "not given";

/// Fetches nothing.
struct NothingElse;

impl referencing::Retrieve for NothingElse {
    fn retrieve(&self, _: &referencing::Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Value::String(NOT_GIVEN.to_owned()))
    }
}

/// Whether it stands for a resource that is not given.
pub(super) fn is_not_given(value: &Value) -> bool {
    value.as_str() == Some(NOT_GIVEN)
}

fn parse(text: &str, uri: &str) -> Result<Value, Problem> {
    serde_json::from_str(text).map_err(|error: serde_json::Error| {
        let too_deep = error.to_string().starts_with("recursion limit");
        let (reason, message) = if too_deep {
            (Reason::TooComplex, format!("a schema is nested at most {MAX_SCHEMA_DEPTH} levels deep"))
        } else {
            (Reason::Invalid, format!("it is no JSON: {error}"))
        };
        Problem { resource: uri.to_owned(), ..Problem::of_all(reason, message) }
    })
}

pub(super) fn reason_of(error: &referencing::Error) -> Reason {
    match error {
        referencing::Error::Unretrievable { .. }
        | referencing::Error::PointerToNowhere { .. }
        | referencing::Error::NoSuchAnchor { .. }
        | referencing::Error::UnknownSpecification { .. } => Reason::RefUnresolved,
        _ => Reason::Invalid,
    }
}

/// A step of a pointer.
#[derive(Debug, Clone)]
enum Step {
    /// The beginning of a document.
    Document(Box<str>),
    Key(Box<str>),
    Index(u32),
}

/// Where schemas stand, by number.
#[derive(Debug, Default)]
pub(super) struct Places<'r> {
    steps: Vec<(u32, Step)>,
    by_address: HashMap<usize, u32, RandomState>,
    documents: PhantomData<&'r Value>,
}

/// The same without what they are the places of.
#[derive(Debug, Default)]
pub(super) struct Pointers(Vec<(u32, Step)>);

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

impl<'r> Places<'r> {
    /// Of all schemas in `documents`.
    pub(super) fn of(documents: &'r Documents) -> Self {
        let mut places = Self::default();
        documents.iter().for_each(|(uri, document)| places.add(uri, document));
        places
    }

    fn push(&mut self, parent: u32, step: Step, value: &'r Value) -> u32 {
        let number = self.steps.len() as u32;
        self.steps.push((parent, step));
        self.by_address.insert(address(value), number);
        number
    }

    fn add(&mut self, uri: &str, document: &'r Value) {
        let root = self.push(0, Step::Document(uri.into()), document);
        let mut due = vec![(root, document)];
        while let Some((number, value)) = due.pop() {
            match value {
                Value::Object(members) => {
                    for (key, member) in members.iter().filter(|(_, member)| may_be_schema(member)) {
                        due.push((self.push(number, Step::Key(key.as_str().into()), member), member));
                    }
                }
                Value::Array(elements) => {
                    for (index, element) in elements.iter().enumerate().filter(|(_, element)| may_be_schema(element)) {
                        due.push((self.push(number, Step::Index(index as u32), element), element));
                    }
                }
                _ => {}
            }
        }
    }

    /// The place of `value`; `document` of that `uri` is where to look for it if it is of none that are known.
    pub(super) fn find(&mut self, value: &'r Value, uri: &str, document: impl FnOnce() -> Option<&'r Value>) -> u32 {
        if let Some(number) = self.by_address.get(&address(value)) {
            return *number;
        }
        if let Some(document) = document().filter(|document| !self.by_address.contains_key(&address(document))) {
            self.add(uri, document);
        }
        let found = self.by_address.get(&address(value)).copied();
        found.unwrap_or_else(|| self.push(0, Step::Document(uri.into()), value))
    }

    /// The document's URI and the pointer.
    pub(super) fn tell(&self, number: u32) -> (String, String) {
        tell(&self.steps, number)
    }

    pub(super) fn into_pointers(self) -> Pointers {
        Pointers(self.steps)
    }
}

impl Pointers {
    /// The pointer to the place, with the document's URI where it is not the schema itself.
    pub(super) fn tell(&self, number: u32) -> String {
        let (uri, pointer) = tell(&self.0, number);
        if uri.is_empty() { pointer } else { format!("{uri}#{pointer}") }
    }

    /// Bytes in use.
    pub(super) fn memory(&self) -> usize {
        self.0.iter().map(|(_, step)| size_of::<(u32, Step)>() + if let Step::Key(key) = step { key.len() } else { 0 }).sum()
    }
}

fn may_be_schema(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_) | Value::Bool(_))
}

fn tell(steps: &[(u32, Step)], mut number: u32) -> (String, String) {
    let mut keys = Vec::new();
    while let Some((parent, step)) = steps.get(number as usize) {
        match step {
            Step::Document(uri) => {
                let pointer = keys.iter().rev().map(|key| format!("/{key}")).collect();
                return (uri.to_string(), pointer);
            }
            Step::Key(key) => keys.push(key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => keys.push(index.to_string()),
        }
        number = *parent;
    }
    (String::new(), String::new())
}
