//! What is wrong with a schema.

use crate::proto::{SchemaProblem, SchemaProblemReason};
use std::fmt;

/// Why a schema cannot be judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is no JSON, or no schema of its draft.
    Invalid,
    /// A reference in it leads to nothing that is given.
    RefUnresolved,
    /// It is too large, too deep or too costly to judge by.
    TooComplex,
}

impl Reason {
    fn number(self) -> SchemaProblemReason {
        match self {
            Self::Invalid => SchemaProblemReason::SchemaInvalid,
            Self::RefUnresolved => SchemaProblemReason::SchemaRefUnresolved,
            Self::TooComplex => SchemaProblemReason::SchemaTooComplex,
        }
    }
}

/// One thing that is wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Of what kind.
    pub reason: Reason,
    /// The resource's URI; empty for the schema itself.
    pub resource: String,
    /// The place in it, as a JSON pointer.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// A problem with the schema as a whole.
    pub(super) fn of_all(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, resource: String::new(), pointer: String::new(), message: message.into() }
    }

    pub(super) fn message(&self) -> SchemaProblem {
        SchemaProblem {
            reason: self.reason.number().into(),
            resource: self.resource.clone(),
            pointer: self.pointer.clone(),
            message: self.message.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}: {}", self.resource, self.pointer, self.message)
    }
}

/// All that is wrong with a schema, one at least, the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub(super) Vec<Problem>);

impl Problems {
    /// The kind of the first one.
    pub fn reason(&self) -> Reason {
        self.0.first().map_or(Reason::Invalid, |problem| problem.reason)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            write!(out, "{}{problem}", if number == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
