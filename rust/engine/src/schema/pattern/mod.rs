//! x
#[derive(Debug)]
pub(crate) struct Pattern(fancy_regex::Regex);
#[derive(Debug)]
pub(crate) enum PatternError { Invalid(String), #[allow(dead_code)] TooLarge(String) }
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Matched { Yes, No, Limit }
impl Pattern {
    pub(crate) fn compile(s: &str) -> Result<Self, PatternError> { let t = jsonschema_regex::to_rust_regex(s).map_err(|()| PatternError::Invalid("bad".into()))?; fancy_regex::Regex::new(&t).map(Self).map_err(|e| PatternError::Invalid(e.to_string())) }
    pub(crate) fn is_match(&self, t: &str) -> Matched { match self.0.is_match(t) { Ok(true) => Matched::Yes, Ok(false) => Matched::No, Err(_) => Matched::Limit } }
    pub(crate) fn cost(&self) -> usize { 1000 }
}
pub const MAX_BACKTRACKS: usize = 1_000_000;
