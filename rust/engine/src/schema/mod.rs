//! Judges records by a JSON Schema of draft 4, 6, 7, 2019-09 or 2020-12.
//!
//! A schema is compiled once ([`compile`]) from its texts ([`documents`]) and what references lead to ([`positions`]) to nodes ([`node`]),
//! each of which is all that is asked of a value at once. A record is then judged over its tape ([`tape`], [`judge`]), which is made of the
//! tokens that the screen has found, and without a tree; what fails in it is told ([`found`]) by the same code that finds that something does.
//! A schema is itself judged by its metaschema, as a record is.

mod cache;
mod compile;
mod documents;
mod draft;
mod format;
mod found;
mod judge;
mod known;
mod names;
mod node;
mod number;
mod pattern;
mod positions;
mod problem;
mod tape;
mod values;

pub use cache::Schemas;
pub(crate) use found::{MAX_FOUND, Shown, Violation};
pub(crate) use pattern::MAX_BACKTRACKS;
pub use problem::{Problem, Problems, Reason};

use crate::Halt;
use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::plan::ConfigError;
use crate::proto::{CheckSchemaRequest, CheckSchemaResponse};
use crate::screen::Trail;
use compile::Compiler;
use documents::Documents;
use draft::Draft;
use found::Found;
use judge::{Judging, Outcome};
use node::Program;
use positions::Positions;
use prost::Message;
use referencing::SPECIFICATIONS;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};
use tape::Tape;

/// Bytes of a schema and its resources together: ten times the largest that are published, and what a message of a call has room for.
pub const MAX_SCHEMA_BYTES: usize = 4 << 20;
/// Levels that a schema may be nested: what the parser of JSON takes, and several times what is written.
pub const MAX_SCHEMA_DEPTH: usize = 127;
/// Bytes of the patterns of a compiled schema together: many hundreds of common ones.
pub const MAX_COMPILED_BYTES: usize = 64 << 20;
/// Nodes and positions of a compiled schema: ten times those of the largest that are published.
pub const MAX_NODES: usize = 200_000;
/// Steps of compiling: well below a second.
pub const MAX_WORK: usize = 5_000_000;
/// Steps that a value may take by one node, with what is tried inside: far above what schemas take that do not multiply.
pub const MAX_STEPS_A_VALUE: u64 = 1_000_000;
/// Bytes of a number that others are to be multiples of: its arithmetic takes their square.
pub const MAX_DIVISOR_DIGITS: usize = 1_000;
/// Steps that a record may take whatever its size, and for each of its values: some 50 ms, and a hundred times what is common.
pub const MAX_STEPS: u64 = 5_000_000;
/// See [`MAX_STEPS`].
pub const MAX_STEPS_FOR_EACH_VALUE: u64 = 1_000;
/// Bytes that compiling takes for each of a schema, roughly: of its parsed form, and of the compiled one.
const BYTES_A_SCHEMA_BYTE: usize = 8;
/// Problems that are told of a schema.
pub const MAX_PROBLEMS: usize = 100;
/// What judges, as the result tells it.
pub const JUDGE: &str = "tape";

/// A compiled schema. Immutable; any thread.
#[derive(Debug)]
pub struct Schema {
    program: Program,
    draft: Draft,
    sha256: String,
    digest: String,
    memory: usize,
}

impl Schema {
    /// Compiles `schema`, whose references may lead to `resources`, by URI; with `annotate_formats_only`, `format` judges nothing.
    pub fn compile(schema: &str, resources: &BTreeMap<String, String>, annotate_formats_only: bool) -> Result<Self, Problems> {
        let documents = Documents::parse(schema, resources)?;
        documents.check()?;
        let registry = documents.registry()?;
        let (mut positions, root) = Positions::new(&documents, &registry)?;
        let program = Compiler::new(&mut positions, !annotate_formats_only).compile(root)?;
        let Digests { sha256, all } = Digests::of(schema, resources, annotate_formats_only);
        Ok(Self { memory: program.memory(), program, draft: Draft::from(documents.draft), sha256, digest: all })
    }

    /// Of the schema's own bytes, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Of all that it was compiled from, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Bytes in use, roughly.
    pub fn memory(&self) -> usize {
        self.memory
    }
}

/// What compiling takes while it lasts, as long as that.
pub(crate) fn reserve(
    schema: &str,
    resources: &BTreeMap<String, String>,
    budget: &Arc<Budget>,
) -> Result<Reservation, MemoryRefused> {
    let bytes = schema.len() + resources.iter().map(|(uri, text)| uri.len() + text.len()).sum::<usize>();
    let mut reservation = Reservation::new(budget.clone());
    reservation.set((bytes.min(MAX_SCHEMA_BYTES) * BYTES_A_SCHEMA_BYTE) as u64)?;
    Ok(reservation)
}

/// Answers an encoded `CheckSchemaRequest` by an encoded `CheckSchemaResponse`, which tells whether the schema can be judged by, and what is
/// wrong with it. What that takes is reserved from `budget` while it lasts.
pub fn check(request: &[u8], budget: &Arc<Budget>) -> Result<Vec<u8>, ConfigError> {
    let request = CheckSchemaRequest::decode(request).map_err(ConfigError::UnreadableRequest)?;
    let CheckSchemaRequest { schema_json, schema_resources, annotate_formats_only } = &request;
    let _reservation = reserve(schema_json, schema_resources, budget)?;
    let sha256 = sha256(schema_json);
    let response = match Schema::compile(schema_json, schema_resources, *annotate_formats_only) {
        Ok(schema) => CheckSchemaResponse {
            usable: true,
            draft: schema.draft.name().to_owned(),
            schema_sha256: sha256,
            schema_judge: JUDGE.to_owned(),
            problems: Vec::new(),
        },
        Err(problems) => CheckSchemaResponse {
            draft: Documents::parse(schema_json, schema_resources)
                .map_or(String::new(), |documents| Draft::from(documents.draft).name().to_owned()),
            schema_sha256: sha256,
            problems: problems.iter().take(MAX_PROBLEMS).map(Problem::message).collect(),
            ..CheckSchemaResponse::default()
        },
    };
    Ok(response.encode_to_vec())
}

fn sha256(bytes: &str) -> String {
    hexadecimal(&Sha256::digest(bytes.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from(b"0123456789abcdef"[usize::from(digit)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Of a schema's own bytes, and of all that it is compiled from; both in hexadecimal.
pub(crate) struct Digests {
    sha256: String,
    pub(crate) all: String,
}

impl Digests {
    pub(crate) fn of(schema: &str, resources: &BTreeMap<String, String>, annotate_formats_only: bool) -> Self {
        let own = Sha256::digest(schema.as_bytes());
        let mut hash = Sha256::new();
        hash.update([u8::from(annotate_formats_only)]);
        hash.update(own);
        for text in resources.iter().flat_map(|(uri, text)| [uri, text]) {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        Self { sha256: hexadecimal(&own), all: hexadecimal(&hash.finalize()) }
    }
}

/// The compiled metaschema of each draft.
static METASCHEMAS: [LazyLock<Option<Program>>; 5] = [
    LazyLock::new(|| metaschema("http://json-schema.org/draft-04/schema")),
    LazyLock::new(|| metaschema("http://json-schema.org/draft-06/schema")),
    LazyLock::new(|| metaschema("http://json-schema.org/draft-07/schema")),
    LazyLock::new(|| metaschema("https://json-schema.org/draft/2019-09/schema")),
    LazyLock::new(|| metaschema("https://json-schema.org/draft/2020-12/schema")),
];

fn metaschema(uri: &str) -> Option<Program> {
    let (mut positions, root) = Positions::of_uri(&SPECIFICATIONS, uri).ok()?;
    Compiler::new(&mut positions, false).compile(root).ok()
}

impl Documents {
    /// Sees to it that each document is as the metaschema of its draft asks.
    fn check(&self) -> Result<(), Problems> {
        let mut problems = Vec::new();
        for (uri, text, draft) in self.texts() {
            let Some(program) = &*METASCHEMAS[Draft::from(draft) as usize] else { continue };
            let mut scratch = Scratch::new(Arc::new(Budget::new(u64::MAX)), Arc::default());
            // No budget refuses here, and nobody cancels.
            if scratch.find(program, text.as_bytes(), true).is_err() {
                continue;
            }
            problems.extend(scratch.told(program, text.as_bytes(), Shown::Values).map(|(violation, message)| Problem {
                reason: if violation.keyword.is_empty() { Reason::TooComplex } else { Reason::Invalid },
                resource: uri.to_owned(),
                pointer: violation.instance_pointer.clone(),
                message: format!("{}: {message}", violation.keyword),
            }));
        }
        // Several vocabularies of a metaschema ask the same.
        let mut told = HashSet::new();
        problems.retain(|problem| told.insert(problem.to_string()));
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

/// Judges records by a schema, one at a time, reusing its memory. One thread at a time.
#[derive(Debug)]
pub(crate) struct SchemaJudge {
    schema: Arc<Schema>,
    scratch: Scratch,
    /// Records in which a pattern took more steps than it may.
    pattern_limits: u64,
}

/// What judging by any schema needs.
#[derive(Debug)]
struct Scratch {
    tape: Tape,
    judging: Judging,
    found: Found,
}

/// What is known of a valid JSON text before it is judged by a schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// Whether strings may have escapes.
    pub(crate) escaped: bool,
    /// Whether objects may have keys more than once.
    pub(crate) repeats: bool,
    /// Paths are the same as long as this is.
    pub(crate) generation: u64,
}

impl SchemaJudge {
    pub(crate) fn new(schema: Arc<Schema>, budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self { schema, scratch: Scratch::new(budget, cancelled), pattern_limits: 0 }
    }

    /// What a walk leaves behind of the record that is judged next.
    #[inline(always)]
    pub(crate) fn trail(&mut self) -> impl Trail {
        self.scratch.tape.begin()
    }

    /// Whether the record at `place` of a text is valid, which a walk has just followed.
    #[inline(always)]
    pub(crate) fn is_valid(&mut self, text: &[u8], place: Range<usize>, known: Known) -> Result<bool, Halt> {
        let Scratch { tape, judging, .. } = &mut self.scratch;
        tape.end(text, place.clone())?;
        if known.repeats {
            tape.build_clearly(text, place)?;
            tape.drop_repeats(text)?;
        }
        judging.expect_paths(known.generation);
        let outcome = judging.verdict(&self.schema.program, tape.view(text, known.escaped), max_steps(tape))?;
        let valid = outcome == Outcome::Valid;
        self.pattern_limits += u64::from(valid && judging.reached_pattern_limit());
        tape.shrink();
        Ok(valid)
    }

    /// Tells what fails in the record at `start` of `text`, which has just been found not to be valid.
    pub(crate) fn explain_invalid(&mut self, text: &[u8], start: usize) -> Result<&[Violation], Halt> {
        let Scratch { tape, judging, found } = &mut self.scratch;
        found.begin(start);
        let outcome = judging.explain(&self.schema.program, tape.view(text, true), max_steps(tape), found)?;
        if outcome == Outcome::TooManySteps {
            found.note_steps();
        }
        self.pattern_limits += u64::from(judging.reached_pattern_limit());
        Ok(found.list())
    }

    /// Tells what fails in `record`; nothing where it is valid.
    pub(crate) fn explain(&mut self, record: &[u8], repeats: bool, counts: Counts) -> Result<&[Violation], Halt> {
        self.scratch.find(&self.schema.program, record, repeats)?;
        let limit = self.scratch.judging.reached_pattern_limit();
        self.pattern_limits += u64::from(counts == Counts::Record && limit);
        Ok(self.scratch.found.list())
    }

    /// The violations of `record` that were told last, each with what a message says of it.
    pub(crate) fn told<'a>(&'a self, record: &'a [u8], shown: Shown) -> impl Iterator<Item = (&'a Violation, String)> {
        self.scratch.told(&self.schema.program, record, shown)
    }

    /// Records in which a pattern took more steps than it may, since this was last asked.
    pub(crate) fn take_pattern_limits(&mut self) -> u64 {
        std::mem::take(&mut self.pattern_limits)
    }
}

impl Scratch {
    fn new(budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self { tape: Tape::new(budget.clone()), judging: Judging::new(budget, cancelled), found: Found::default() }
    }

    fn find(&mut self, program: &Program, record: &[u8], repeats: bool) -> Result<(), Halt> {
        self.found.begin(0);
        self.tape.build_clearly(record, 0..record.len())?;
        if repeats {
            self.tape.drop_repeats(record)?;
        }
        let view = self.tape.view(record, true);
        let outcome = self.judging.explain(program, view, max_steps(&self.tape), &mut self.found)?;
        if outcome == Outcome::TooManySteps {
            self.found.note_steps();
        }
        Ok(())
    }

    fn told<'a>(&'a self, program: &'a Program, record: &'a [u8], shown: Shown) -> impl Iterator<Item = (&'a Violation, String)> {
        let view = self.tape.view(record, true);
        self.found.list().iter().map(move |violation| (violation, program.message(violation, view, shown)))
    }
}

/// Whether a record counts where it is explained, or was counted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    Record,
    Nothing,
}

fn max_steps(tape: &Tape) -> u64 {
    MAX_STEPS + MAX_STEPS_FOR_EACH_VALUE * tape.len() as u64
}
