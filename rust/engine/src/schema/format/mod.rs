//! Formats of JSON Schema's `format`, asserted.
//!
//! Every verdict is that of the crate `jsonschema`. [`frequent`] gives the same one faster for what records have a lot of.

mod frequent;
#[cfg(test)]
mod tests;

use super::draft::Draft;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// A format that is known in a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Date,
    Time,
    DateTime,
    Duration,
    Email,
    IdnEmail,
    /// By RFC 1034, without a look into what labels are short for: drafts 4 and 6.
    HostnameOfAscii,
    /// By RFC 1123 and 5890.
    Hostname,
    IdnHostname,
    Ipv4,
    Ipv6,
    Uri,
    UriReference,
    Iri,
    IriReference,
    UriTemplate,
    Uuid,
    JsonPointer,
    RelativeJsonPointer,
    Regex,
}

/// All formats, each at its number.
const ALL: [Format; 20] = [
    Format::Date,
    Format::Time,
    Format::DateTime,
    Format::Duration,
    Format::Email,
    Format::IdnEmail,
    Format::HostnameOfAscii,
    Format::Hostname,
    Format::IdnHostname,
    Format::Ipv4,
    Format::Ipv6,
    Format::Uri,
    Format::UriReference,
    Format::Iri,
    Format::IriReference,
    Format::UriTemplate,
    Format::Uuid,
    Format::JsonPointer,
    Format::RelativeJsonPointer,
    Format::Regex,
];

/// One for each format, made when it is first asked.
static VALIDATORS: [OnceLock<Option<Validator>>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];

impl Format {
    /// The format of this name, or `None` where the draft asserts none: a name that it does not know is no restriction.
    pub(crate) fn of(name: &str, draft: Draft) -> Option<Format> {
        let format = match name {
            "hostname" if draft <= Draft::Draft6 => Format::HostnameOfAscii,
            "hostname" => Format::Hostname,
            name => ALL.into_iter().find(|format| format.name() == name)?,
        };
        (format.since() <= draft).then_some(format)
    }

    /// As schemas have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Date => "date",
            Format::Time => "time",
            Format::DateTime => "date-time",
            Format::Duration => "duration",
            Format::Email => "email",
            Format::IdnEmail => "idn-email",
            Format::HostnameOfAscii | Format::Hostname => "hostname",
            Format::IdnHostname => "idn-hostname",
            Format::Ipv4 => "ipv4",
            Format::Ipv6 => "ipv6",
            Format::Uri => "uri",
            Format::UriReference => "uri-reference",
            Format::Iri => "iri",
            Format::IriReference => "iri-reference",
            Format::UriTemplate => "uri-template",
            Format::Uuid => "uuid",
            Format::JsonPointer => "json-pointer",
            Format::RelativeJsonPointer => "relative-json-pointer",
            Format::Regex => "regex",
        }
    }

    /// The first draft in which it is asserted. Date, time, e-mail with all of Unicode and regex are older than the drafts that name them.
    fn since(self) -> Draft {
        match self {
            Format::JsonPointer | Format::UriReference | Format::UriTemplate => Draft::Draft6,
            Format::IdnHostname | Format::Iri | Format::IriReference | Format::RelativeJsonPointer => Draft::Draft7,
            Format::Duration | Format::Uuid => Draft::Draft201909,
            _ => Draft::Draft4,
        }
    }

    /// Whether `text` has this format.
    pub(crate) fn is_valid(self, text: &str) -> bool {
        let known = match self {
            Format::Date => Some(frequent::is_date(text.as_bytes())),
            Format::Time => Some(frequent::is_time(text.as_bytes())),
            Format::DateTime => Some(frequent::is_date_time(text.as_bytes())),
            Format::Uuid => Some(frequent::is_uuid(text.as_bytes())),
            Format::Ipv4 => Some(text.parse::<std::net::Ipv4Addr>().is_ok()),
            Format::Ipv6 => Some(text.parse::<std::net::Ipv6Addr>().is_ok()),
            Format::Email | Format::IdnEmail => frequent::is_common_email(text.as_bytes()).then_some(true),
            Format::HostnameOfAscii | Format::Hostname => frequent::is_common_hostname(text.as_bytes()).then_some(true),
            Format::Uri => frequent::uri(text.as_bytes()),
            Format::Regex => Some(jsonschema_regex::is_valid_ecma_regex(text)),
            _ => None,
        };
        known.unwrap_or_else(|| self.is_valid_by_crate(text))
    }

    fn is_valid_by_crate(self, text: &str) -> bool {
        let validator = VALIDATORS[self as usize].get_or_init(|| self.validator());
        validator.as_ref().is_some_and(|validator| validator.is_valid(&Value::String(text.to_owned())))
    }

    /// A test proves that there is one for each format.
    fn validator(self) -> Option<Validator> {
        let draft = if self == Format::HostnameOfAscii { jsonschema::Draft::Draft4 } else { jsonschema::Draft::Draft202012 };
        let options = jsonschema::options().with_draft(draft).should_validate_formats(true);
        options.build(&json!({ "format": self.name() })).ok()
    }
}
