//! Formats that strings have. What is told here is a little stricter than JSON Schema's `format` of the same name, never laxer.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Names, each at the place of its bit.
pub(super) const NAMES: [&str; 9] = ["date", "date-time", "uuid", "email", "ipv4", "ipv6", "uri", "number", "boolean"];

/// Those that JSON Schema does not know.
pub(super) const NOT_OF_SCHEMA: [&str; 2] = ["number", "boolean"];

const DATE: u16 = 1;
const DATE_TIME: u16 = 1 << 1;
const UUID: u16 = 1 << 2;
const EMAIL: u16 = 1 << 3;
const IPV4: u16 = 1 << 4;
const IPV6: u16 = 1 << 5;
const URI: u16 = 1 << 6;
const NUMBER: u16 = 1 << 7;
const BOOLEAN: u16 = 1 << 8;

/// Longest texts that are looked at; what has a format is shorter, but for some URIs.
const MAX_BYTES: usize = 8 << 10;
const MAX_EMAIL_BYTES: usize = 254;
const MAX_LOCAL_BYTES: usize = 64;
const MAX_LABEL_BYTES: usize = 63;
const MAX_IPV6_BYTES: usize = 45;

/// What bytes tell of the formats that a text can have.
const STOP: u8 = 1;
const AT: u8 = 1 << 1;
const COLON: u8 = 1 << 2;
const DOT: u8 = 1 << 3;
const HYPHEN: u8 = 1 << 4;
/// Only in an e-mail address or URI.
const MARK: u8 = 1 << 5;
const CLASSES: [u8; 256] = classes();

/// Of all bytes: those that no text of any format has are [`STOP`].
const fn classes() -> [u8; 256] {
    let mut classes = [STOP; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            classes[byte as usize] = 0;
        }
        byte += 1;
    }
    let marks = b"!#$%&'*+/=?^_`{|}~(),;";
    let mut at = 0;
    while at < marks.len() {
        classes[marks[at] as usize] = MARK;
        at += 1;
    }
    classes[b'@' as usize] = AT;
    classes[b':' as usize] = COLON;
    classes[b'.' as usize] = DOT;
    classes[b'-' as usize] = HYPHEN;
    classes
}

/// The formats that `text` has, one bit each.
#[inline]
pub(super) fn formats(text: &[u8]) -> u16 {
    if text.is_empty() || text.len() > MAX_BYTES {
        return 0;
    }
    let Some(seen) = classes_of(text) else { return 0 };
    if seen == 0 && !text[0].is_ascii_digit() {
        // A word.
        return if_so(text == b"true" || text == b"false", BOOLEAN);
    }
    formats_of_marked(text, seen)
}

/// All classes of a text's bytes, or `None` where a byte stops. Eight bytes at a time, the last ones twice, so that few lengths differ.
#[inline]
fn classes_of(text: &[u8]) -> Option<u8> {
    let of = |bytes: &[u8]| bytes.iter().fold(0, |seen, byte| seen | CLASSES[usize::from(*byte)]);
    let Some(last) = text.last_chunk::<8>() else {
        let seen = of(text);
        return (seen & STOP == 0).then_some(seen);
    };
    let mut seen = of(last);
    for eight in text.chunks_exact(8) {
        // Most texts have a space soon.
        if seen & STOP != 0 {
            return None;
        }
        seen |= of(eight);
    }
    (seen & STOP == 0).then_some(seen)
}

/// Of a text that is not a mere word.
fn formats_of_marked(text: &[u8], seen: u8) -> u16 {
    let has = |class| seen & class != 0;
    if has(AT) && is_email(text) {
        return EMAIL;
    }
    if has(COLON) {
        if text.len() > 19 && text[10] | 0x20 == b't' && is_date_time(text) {
            return DATE_TIME;
        }
        return if_so(!has(HYPHEN | MARK) && is_ipv6(text), IPV6) | if_so(is_uri(text), URI);
    }
    match text {
        [_, _, _, _, b'-', _, _, b'-', _, _] => if_so(is_date(text), DATE),
        _ if text.len() == 36 && has(HYPHEN) && is_uuid(text) => UUID,
        _ => if_so(is_number(text), NUMBER) | if_so(has(DOT) && is_ipv4(text), IPV4),
    }
}

#[inline(always)]
fn if_so(has: bool, format: u16) -> u16 {
    if has { format } else { 0 }
}

fn two_digits(text: &[u8]) -> Option<u32> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
        _ => None,
    }
}

/// RFC 3339 full-date.
fn is_date(text: &[u8]) -> bool {
    let parts = (two_digits(&text[..2]), two_digits(&text[2..4]), two_digits(&text[5..7]), two_digits(&text[8..10]));
    let (Some(century), Some(year), Some(month), Some(day)) = parts else { return false };
    let year = century * 100 + year;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// RFC 3339 date-time, without leap seconds.
fn is_date_time(text: &[u8]) -> bool {
    if text[4] != b'-' || text[7] != b'-' {
        return false;
    }
    let (date, time) = (&text[..10], &text[11..]);
    let [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = time else { return false };
    let rest = match rest {
        [b'.', digits @ ..] => {
            let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if count == 0 {
                return false;
            }
            &digits[count..]
        }
        rest => rest,
    };
    is_date(date) && is_time(&[*h1, *h2], &[*m1, *m2]) && two_digits(&[*s1, *s2]).is_some_and(|s| s < 60) && is_offset(rest)
}

fn is_time(hour: &[u8], minute: &[u8]) -> bool {
    two_digits(hour).is_some_and(|hour| hour < 24) && two_digits(minute).is_some_and(|minute| minute < 60)
}

fn is_offset(text: &[u8]) -> bool {
    match text {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => is_time(&[*h1, *h2], &[*m1, *m2]),
        _ => false,
    }
}

/// RFC 9562: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

fn is_ipv4(text: &[u8]) -> bool {
    (7..=15).contains(&text.len()) && std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv4Addr>().is_ok())
}

fn is_ipv6(text: &[u8]) -> bool {
    text.len() <= MAX_IPV6_BYTES && std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
}

/// A JSON number, RFC 8259 section 6.
pub(super) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || whole > 1 && text[0] == b'0' {
        return false;
    }
    let mut rest = &text[whole..];
    if let [b'.', fraction @ ..] = rest {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', power @ ..] = rest {
        let power = power.strip_prefix(b"+").or(power.strip_prefix(b"-")).unwrap_or(power);
        let count = digits(power);
        return count > 0 && count == power.len();
    }
    rest.is_empty()
}

/// A dot-atom at a domain of at least two labels, RFC 5321 without quoted parts and addresses.
fn is_email(text: &[u8]) -> bool {
    if text.len() > MAX_EMAIL_BYTES {
        return false;
    }
    let Some(at) = memchr::memchr(b'@', text) else { return false };
    let (local, domain) = (&text[..at], &text[at + 1..]);
    let is_atom = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(byte);
    (1..=MAX_LOCAL_BYTES).contains(&local.len())
        && local.split(|byte| *byte == b'.').all(|atom| !atom.is_empty() && atom.iter().all(is_atom))
        && is_domain(domain)
}

fn is_domain(text: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        let ends = label.first().into_iter().chain(label.last());
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && ends.into_iter().all(u8::is_ascii_alphanumeric)
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    text.contains(&b'.') && text.split(|byte| *byte == b'.').all(is_label)
}

/// An absolute URI of RFC 3986 whose scheme has at least two characters, without addresses in brackets.
fn is_uri(text: &[u8]) -> bool {
    let scheme = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
    if scheme < 2 || !text[0].is_ascii_alphabetic() || text.get(scheme) != Some(&b':') || text.len() == scheme + 1 {
        return false;
    }
    let rest = &text[scheme + 1..];
    let (rest, fragment) = match memchr::memchr(b'#', rest) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &b""[..]),
    };
    let path = match rest {
        [b'/', b'/', rest @ ..] => {
            let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
            if !is_authority(&rest[..end]) {
                return false;
            }
            &rest[end..]
        }
        rest => rest,
    };
    is_written_as_uri(path) && is_written_as_uri(fragment)
}

fn is_authority(text: &[u8]) -> bool {
    let host = memchr::memrchr(b'@', text).map_or(text, |at| &text[at + 1..]);
    let user = &text[..text.len() - host.len()];
    let (name, port) = match memchr::memchr(b':', host) {
        Some(at) => (&host[..at], &host[at + 1..]),
        None => (host, &b""[..]),
    };
    is_written_as_uri(user.strip_suffix(b"@").unwrap_or(user))
        && !user.contains(&b'/')
        && memchr::memchr(b'@', user.strip_suffix(b"@").unwrap_or(user)).is_none()
        && !name.is_empty()
        && is_written_as_uri(name)
        && port.iter().all(u8::is_ascii_digit)
        && port.len() <= 5
}

/// Whether all is unreserved, a delimiter or percent-encoded.
fn is_written_as_uri(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += match byte {
            b'%' if text.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) => 3,
            byte if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(byte) => 1,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Number;

    fn names(text: &str) -> Vec<&'static str> {
        let found = formats(text.as_bytes());
        NAMES.iter().enumerate().filter(|(bit, _)| found >> bit & 1 == 1).map(|(_, name)| *name).collect()
    }

    #[test]
    fn formats_of_typical_texts() {
        for (text, expected) in [
            ("2024-02-29", &["date"][..]),
            ("2023-02-29", &[]),
            ("2024-13-01", &[]),
            ("2024-01-01T23:59:59Z", &["date-time"]),
            ("2024-01-01t23:59:59.123+05:30", &["date-time"]),
            ("2024-01-01T24:00:00Z", &[]),
            ("2024-01-01T00:00:00", &[]),
            ("2024-01-01T00:00:00.Z", &[]),
            ("123e4567-e89b-12d3-a456-426614174000", &["uuid"]),
            ("f23e4567-e89b-12d3-a456-426614174000", &["uuid"]),
            ("123e4567-e89b-12d3-a456-42661417400", &[]),
            ("a@b.co", &["email"]),
            ("1a.b@b-c.co", &["email"]),
            ("a..b@c.de", &[]),
            ("a@localhost", &[]),
            ("a@b@c.de", &[]),
            ("192.168.0.1", &["ipv4"]),
            ("192.168.0.256", &[]),
            ("01.2.3.4", &[]),
            ("::1", &["ipv6"]),
            ("2001:db8::8a2e:370:7334", &["ipv6"]),
            ("fe80::1", &["ipv6", "uri"]),
            ("https://example.com:8080/a?b=c#d", &["uri"]),
            ("urn:isbn:0451450523", &["uri"]),
            ("mailto:a@example.com", &["uri"]),
            ("http://a b", &[]),
            ("http://[::1]/", &[]),
            ("http://a.b/%zz", &[]),
            ("note: this", &[]),
            ("c:\\x", &[]),
            ("12", &["number"]),
            ("-0.5e-3", &["number"]),
            ("012", &[]),
            ("1.", &[]),
            ("true", &["boolean"]),
            ("True", &[]),
            ("", &[]),
            ("käse", &[]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn is_number_is_what_the_judge_takes() {
        for text in ["1", "-1", "0", "1.5", "1e5", "1E+5", "-0.0e-0"] {
            assert!(is_number(text.as_bytes()) && Number::parse(text.as_bytes()).1 == text.len(), "{text}");
        }
    }
}
