//! The drafts of JSON Schema that are known.

/// A draft of JSON Schema, in the order in which they came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
}

impl Draft {
    /// As the draft's address has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Draft::Draft4 => "draft-04",
            Draft::Draft6 => "draft-06",
            Draft::Draft7 => "draft-07",
            Draft::Draft201909 => "2019-09",
            Draft::Draft202012 => "2020-12",
        }
    }
}

impl From<referencing::Draft> for Draft {
    /// One that is not known counts as the newest.
    fn from(draft: referencing::Draft) -> Draft {
        match draft {
            referencing::Draft::Draft4 => Draft::Draft4,
            referencing::Draft::Draft6 => Draft::Draft6,
            referencing::Draft::Draft7 => Draft::Draft7,
            referencing::Draft::Draft201909 => Draft::Draft201909,
            _ => Draft::Draft202012,
        }
    }
}
