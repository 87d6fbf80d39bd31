//! Drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft { Draft4, Draft6, Draft7, Draft201909, Draft202012 }
impl Draft { pub(crate) fn name(self) -> &'static str { ["draft-04","draft-06","draft-07","2019-09","2020-12"][self as usize] } }
