//! How the engine is asked to judge.

use jassay_engine::proto::{DuplicateKeys, Format, ProfileScope, Validation};
use peers::engine::Judge;
use std::error::Error;

/// As many as may be allowed: a stream that is meant to be hard comes as one record too.
const MAX_RECORD_BYTES: u64 = 256 << 20;

/// What the name of a subject tells: `jassay-FORMAT-THREADS`, with `-allow` where keys may repeat, with `-profile` where all fields are
/// measured, with `-schema` where records are judged by a schema, with `-schema-formats` where its `format` asserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) format: Format,
    threads: usize,
    keys: DuplicateKeys,
    scope: ProfileScope,
    schema: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Schema {
    None,
    WithoutFormats,
    WithFormats,
}

impl Setting {
    /// None where the name is not one of these.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let mut words = name.split('-');
        let (Some("jassay"), Some(format), Some(threads)) = (words.next(), words.next(), words.next()) else { return None };
        let (mut keys, mut scope, mut schema) = (DuplicateKeys::Reject, ProfileScope::None, Schema::None);
        match (words.next(), words.next(), words.next()) {
            (None, ..) => {}
            (Some("allow"), None, _) => keys = DuplicateKeys::Allow,
            (Some("profile"), None, _) => scope = ProfileScope::Valid,
            (Some("schema"), None, _) => schema = Schema::WithoutFormats,
            (Some("schema"), Some("formats"), None) => schema = Schema::WithFormats,
            _ => return None,
        }
        let format = match format {
            "ndjson" => Format::Ndjson,
            "array" => Format::Array,
            "concatenated" => Format::Concatenated,
            _ => return None,
        };
        Some(Self { format, threads: threads.parse().ok()?, keys, scope, schema })
    }

    /// By this `schema`, if the setting has one.
    pub(crate) fn judge(self, schema: &str) -> Result<Judge, Box<dyn Error>> {
        let validation = Validation {
            schema_json: if self.schema == Schema::None { String::new() } else { schema.to_owned() },
            annotate_formats_only: self.schema == Schema::WithoutFormats,
            duplicate_keys: self.keys.into(),
            max_record_bytes: MAX_RECORD_BYTES,
            ..Validation::default()
        };
        Judge::new(self.format, validation, self.scope, self.threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_takes_the_names_of_settings_and_no_others() {
        let (format, keys, scope) = (Format::Ndjson, DuplicateKeys::Reject, ProfileScope::None);
        let ndjson = Setting { format, threads: 2, keys, scope, schema: Schema::None };
        assert_eq!(Setting::parse("jassay-ndjson-2"), Some(ndjson));
        assert_eq!(Setting::parse("jassay-ndjson-2-allow"), Some(Setting { keys: DuplicateKeys::Allow, ..ndjson }));
        assert_eq!(Setting::parse("jassay-ndjson-2-profile"), Some(Setting { scope: ProfileScope::Valid, ..ndjson }));
        assert_eq!(Setting::parse("jassay-ndjson-2-schema"), Some(Setting { schema: Schema::WithoutFormats, ..ndjson }));
        assert_eq!(Setting::parse("jassay-ndjson-2-schema-formats"), Some(Setting { schema: Schema::WithFormats, ..ndjson }));
        for name in ["jassay-ndjson", "jassay-lines-2", "jassay-ndjson-two", "jassay-ndjson-2-deny", "jassay-ndjson-2-allow-x"] {
            assert_eq!(Setting::parse(name), None, "{name}");
        }
    }
}
