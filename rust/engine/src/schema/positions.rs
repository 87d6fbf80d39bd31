//! The schemas that a compiled one is made of, and how one leads to another: by standing in it, and by reference.

use super::documents::{Documents, Places, is_not_given, reason_of};
use super::problem::{Problem, Reason};
use ahash::RandomState;
use referencing::{Draft, Registry, Resolver, Vocabulary, VocabularySet};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The number of a position.
pub(super) type PositionId = u32;

/// A schema, and what bears on it from outside.
struct Position<'r> {
    value: &'r Value,
    resolver: Resolver<'r>,
    draft: Draft,
    /// Whether keywords that assert are in force.
    asserts: bool,
    place: u32,
    scope: u32,
}

/// Positions, each once.
pub(super) struct Positions<'r> {
    registry: &'r Registry<'r>,
    pub(super) places: Places<'r>,
    list: Vec<Position<'r>>,
    known: HashMap<(usize, u32), PositionId, RandomState>,
    /// Whether references may depend on the way that led to them.
    is_dynamic: bool,
    /// Whether a document is of a metaschema of its own, which says what keywords are in force.
    has_own_metaschema: bool,
    /// Resources entered on the way, outermost first, each once.
    scopes: Vec<Vec<String>>,
    scopes_known: HashMap<Vec<String>, u32, RandomState>,
}

impl<'r> Positions<'r> {
    pub(super) fn new(documents: &'r Documents, registry: &'r Registry<'r>) -> Result<(Self, PositionId), Problem> {
        let mut positions = Self {
            registry,
            places: Places::of(documents),
            list: Vec::new(),
            known: HashMap::default(),
            is_dynamic: documents.iter().any(|(_, document)| is_dynamic(document)),
            has_own_metaschema: documents.iter().any(|(_, document)| Draft::default().detect(document) == Draft::Unknown),
            scopes: vec![Vec::new()],
            scopes_known: HashMap::default(),
        };
        positions.scopes_known.insert(Vec::new(), 0);
        let uri =
            referencing::uri::from_str(documents.uri()).map_err(|error| Problem::of_all(Reason::Invalid, error.to_string()))?;
        let resolver = registry.resolver(uri);
        let root = positions.intern(documents.schema(), resolver, documents.draft, 0, true);
        Ok((positions, root))
    }

    /// The position of the document that `uri` names.
    pub(super) fn of_uri(registry: &'r Registry<'r>, uri: &str) -> Result<(Self, PositionId), Problem> {
        let mut positions = Self {
            registry,
            places: Places::default(),
            list: Vec::new(),
            known: HashMap::default(),
            is_dynamic: true,
            has_own_metaschema: false,
            scopes: vec![Vec::new()],
            scopes_known: HashMap::default(),
        };
        positions.scopes_known.insert(Vec::new(), 0);
        let failed = |error: &referencing::Error| Problem::of_all(reason_of(error), error.to_string());
        let base = referencing::uri::from_str(uri).map_err(|error| failed(&error))?;
        let (value, resolver, draft) = registry.resolver(base).lookup("").map_err(|error| failed(&error))?.into_inner();
        let root = positions.intern(value, resolver, draft, 0, true);
        Ok((positions, root))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    fn intern(&mut self, value: &'r Value, resolver: Resolver<'r>, draft: Draft, outer: u32, may_enter: bool) -> PositionId {
        let scope = if self.is_dynamic && may_enter { self.enter(outer, resolver.base_uri().as_str()) } else { outer };
        let key = (std::ptr::from_ref(value).addr(), scope);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let draft = if draft == Draft::Unknown { Draft::default() } else { draft };
        let asserts =
            !self.has_own_metaschema || draft < Draft::Draft201909 || asserts(&resolver.find_vocabularies(draft, value));
        let base = resolver.base_uri();
        let document = || self.registry.resolver((*base).clone()).lookup("").ok().map(|found| found.contents());
        let place = self.places.find(value, base.as_str(), document);
        self.list.push(Position { value, resolver, draft, asserts, place, scope });
        let number = self.list.len() as PositionId - 1;
        self.known.insert(key, number);
        number
    }

    fn enter(&mut self, outer: u32, uri: &str) -> u32 {
        let scope = &self.scopes[outer as usize];
        if scope.iter().any(|entered| entered == uri) {
            return outer;
        }
        let scope: Vec<String> = scope.iter().cloned().chain([uri.to_owned()]).collect();
        if let Some(known) = self.scopes_known.get(&scope) {
            return *known;
        }
        let number = self.scopes.len() as u32;
        self.scopes.push(scope.clone());
        self.scopes_known.insert(scope, number);
        number
    }

    pub(super) fn value(&self, position: PositionId) -> &'r Value {
        self.list[position as usize].value
    }

    /// The members of a schema that is an object.
    pub(super) fn members(&self, position: PositionId) -> Option<&'r Map<String, Value>> {
        self.value(position).as_object()
    }

    pub(super) fn draft(&self, position: PositionId) -> Draft {
        self.list[position as usize].draft
    }

    /// Whether the keywords of its metaschema's vocabulary for validation are in force.
    pub(super) fn asserts(&self, position: PositionId) -> bool {
        self.list[position as usize].asserts
    }

    pub(super) fn place(&self, position: PositionId) -> u32 {
        self.list[position as usize].place
    }

    /// What is wrong at `keyword` of a position.
    pub(super) fn problem(&self, position: PositionId, keyword: &str, reason: Reason, message: impl Into<String>) -> Problem {
        let (resource, mut pointer) = self.places.tell(self.place(position));
        if !keyword.is_empty() {
            pointer = format!("{pointer}/{keyword}");
        }
        Problem { reason, resource, pointer, message: message.into() }
    }

    /// The schema that stands in the one at `parent`.
    pub(super) fn child(&mut self, parent: PositionId, value: &'r Value) -> Result<PositionId, Problem> {
        let from = &self.list[parent as usize];
        let (scope, mut draft) = (from.scope, from.draft);
        let own = draft.detect(value);
        if own != Draft::Unknown {
            draft = own;
        }
        let resource = draft.create_resource_ref(value);
        let enters = resource.id().is_some();
        let resolver = from
            .resolver
            .in_subresource(resource)
            .map_err(|error| self.problem(parent, "", reason_of(&error), error.to_string()))?;
        Ok(self.intern(value, resolver, draft, scope, enters))
    }

    /// Where `reference`, which stands at `keyword`, leads.
    pub(super) fn follow(&mut self, from: PositionId, keyword: &str, reference: &str) -> Result<PositionId, Problem> {
        let position = &self.list[from as usize];
        let (scope, resolver) = (position.scope, position.resolver.clone());
        let failed = |this: &Self, error: &referencing::Error| {
            this.problem(from, keyword, reason_of(error), format!("{reference:?} leads nowhere: {error}"))
        };
        // With the way forgotten, so that a dynamic anchor is but an anchor.
        let plain = self.registry.resolver((*resolver.base_uri()).clone());
        let resolved = if self.is_dynamic { plain.lookup(reference) } else { resolver.lookup(reference) };
        let mut found = resolved.map_err(|error| failed(self, &error))?;
        let anchor = match keyword {
            "$dynamicRef" => {
                let fragment = reference.rsplit_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
                let is_dynamic = found.contents().get("$dynamicAnchor").and_then(Value::as_str) == Some(fragment);
                is_dynamic.then(|| format!("#{fragment}"))
            }
            "$recursiveRef" if is_recursive(found.contents()) => Some("#".to_owned()),
            _ => None,
        };
        if let Some(anchor) = anchor {
            for uri in self.scopes[scope as usize].clone() {
                let Ok(uri) = referencing::uri::from_str(&uri) else { continue };
                let Ok(outer) = self.registry.resolver(uri).lookup(&anchor) else { continue };
                let takes = match keyword {
                    "$recursiveRef" => is_recursive(outer.contents()),
                    _ => outer.contents().get("$dynamicAnchor").and_then(Value::as_str) == Some(&anchor[1..]),
                };
                if takes {
                    found = outer;
                    break;
                }
            }
        }
        let (value, resolver, draft) = found.into_inner();
        if is_not_given(value) {
            let text =
                format!("{reference:?} leads to what is neither in the schema nor among its resources, and nothing is fetched");
            return Err(self.problem(from, keyword, Reason::RefUnresolved, text));
        }
        if !value.is_object() && !value.is_boolean() {
            return Err(self.problem(from, keyword, Reason::Invalid, format!("{reference:?} leads to what is no schema")));
        }
        Ok(self.intern(value, resolver, draft, scope, true))
    }
}

fn is_recursive(value: &Value) -> bool {
    value.get("$recursiveAnchor").and_then(Value::as_bool) == Some(true)
}

fn asserts(vocabularies: &VocabularySet) -> bool {
    vocabularies.contains(&Vocabulary::Validation)
}

/// Whether it has a reference that may depend on the way to it, or one to a metaschema, which have.
fn is_dynamic(document: &Value) -> bool {
    let mut due = vec![document];
    while let Some(value) = due.pop() {
        match value {
            Value::Object(members) => {
                let leads_out = |text: &str| text.contains("json-schema.org/");
                if members.contains_key("$dynamicRef")
                    || members.contains_key("$recursiveRef")
                    || members.get("$ref").and_then(Value::as_str).is_some_and(leads_out)
                {
                    return true;
                }
                due.extend(members.values());
            }
            Value::Array(elements) => due.extend(elements),
            _ => {}
        }
    }
    false
}
