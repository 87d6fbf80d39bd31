//! The formats that records have a lot of, byte by byte.

/// Of a byte in a URI.
const UNRESERVED: u8 = 1;
const COLON: u8 = 1 << 1;
const AT: u8 = 1 << 2;
const SLASH: u8 = 1 << 3;
const QUESTION: u8 = 1 << 4;
/// Of a byte in an e-mail address before its `@`.
const ATOM: u8 = 1 << 5;
/// Of a byte in a host's name.
const LABEL: u8 = 1 << 6;

const PATH: u8 = UNRESERVED | COLON | AT | SLASH;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            classes[byte as usize] = UNRESERVED | ATOM | LABEL;
        }
        byte += 1;
    }
    // Unreserved characters and the delimiters within parts of a URI.
    classes = with(classes, b"-._~!$&'()*+,;=", UNRESERVED);
    classes = with(classes, b"!#$%&'*+-/=?^_`{|}~", ATOM);
    classes = with(classes, b"-", LABEL);
    classes = with(classes, b":", COLON);
    classes = with(classes, b"@", AT);
    classes = with(classes, b"/", SLASH);
    with(classes, b"?", QUESTION)
}

const fn with(mut classes: [u8; 256], bytes: &[u8], class: u8) -> [u8; 256] {
    let mut at = 0;
    while at < bytes.len() {
        classes[bytes[at] as usize] |= class;
        at += 1;
    }
    classes
}

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// Two digits at a place that is there.
#[inline]
fn two(text: &[u8], at: usize) -> Option<u8> {
    let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| tens * 10 + ones)
}

/// RFC 3339 full-date.
pub(super) fn is_date(text: &[u8]) -> bool {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return false;
    }
    let (Some(century), Some(year)) = (two(text, 0), two(text, 2)) else { return false };
    let (Some(month), Some(day)) = (two(text, 5), two(text, 8)) else { return false };
    // Divisible by 4, and by 400 where by 100.
    let leap = if year == 0 { century % 4 == 0 } else { year % 4 == 0 };
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// RFC 3339 date-time.
pub(super) fn is_date_time(text: &[u8]) -> bool {
    text.len() >= 20 && text[10] | 0x20 == b't' && is_date(&text[..10]) && is_time(&text[11..])
}

/// RFC 3339 full-time, with leap seconds where they can be: at the end of a day in UTC.
pub(super) fn is_time(text: &[u8]) -> bool {
    if text.len() < 9 || text[2] != b':' || text[5] != b':' {
        return false;
    }
    let (Some(hour @ ..24), Some(minute @ ..60), Some(second @ ..61)) = (two(text, 0), two(text, 3), two(text, 6)) else {
        return false;
    };
    let mut rest = &text[8..];
    if let [b'.', digits @ ..] = rest {
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return false;
        }
        rest = &digits[count..];
    }
    let Some(offset) = minutes_of_offset(rest) else { return false };
    let minute_of_day = i16::from(hour) * 60 + i16::from(minute) - offset;
    second < 60 || minute_of_day.rem_euclid(24 * 60) == 24 * 60 - 1
}

fn minutes_of_offset(text: &[u8]) -> Option<i16> {
    match text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (Some(hour @ ..24), Some(minute @ ..60)) = (two(text, 1), two(text, 4)) else { return None };
            let offset = i16::from(hour) * 60 + i16::from(minute);
            Some(if *sign == b'+' { offset } else { -offset })
        }
        _ => None,
    }
}

/// RFC 9562: 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_uuid(text: &[u8]) -> bool {
    let Some(text) = text.first_chunk::<36>().filter(|_| text.len() == 36) else { return false };
    let mut good = true;
    for (at, byte) in text.iter().enumerate() {
        good &= if matches!(at, 8 | 13 | 18 | 23) { *byte == b'-' } else { HEX[usize::from(*byte)] };
    }
    good
}

const HEX: [bool; 256] = hex();

const fn hex() -> [bool; 256] {
    let mut hex = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        hex[byte as usize] = byte.is_ascii_hexdigit();
        byte += 1;
    }
    hex
}

/// Whether this is an e-mail address as most are: atoms at a host's name. Others may be addresses as well.
pub(super) fn is_common_email(text: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', text) else { return false };
    let (local, domain) = (&text[..at], &text[at + 1..]);
    local.len() <= 64 && is_dotted(local, ATOM) && is_common_hostname(domain)
}

/// Whether this is a host's name as most are, without labels that are short for others. Others may be names as well.
pub(super) fn is_common_hostname(text: &[u8]) -> bool {
    const MAX_NAME: usize = 253;
    const MAX_LABEL: usize = 63;
    text.len() <= MAX_NAME
        && is_dotted(text, LABEL)
        && text.split(|byte| *byte == b'.').all(|label| {
            let edges = [label.first(), label.last()];
            // Where a hyphen is third and fourth, a label may be short for another.
            label.len() <= MAX_LABEL && !edges.contains(&Some(&b'-')) && label.get(2..4) != Some(b"--")
        })
}

/// Whether these are parts of this class, none of them empty.
fn is_dotted(text: &[u8], class: u8) -> bool {
    let mut before = b'.';
    for byte in text {
        if *byte == b'.' && before == b'.' || *byte != b'.' && !is(*byte, class) {
            return false;
        }
        before = *byte;
    }
    before != b'.'
}

/// Whether this is a URI of RFC 3986, or `None` where its host is an address in brackets.
pub(super) fn uri(text: &[u8]) -> Option<bool> {
    let scheme = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')).count();
    if !text.first().is_some_and(u8::is_ascii_alphabetic) || text.get(scheme) != Some(&b':') {
        return Some(false);
    }
    let mut rest = &text[scheme + 1..];
    if let [b'/', b'/', after @ ..] = rest {
        let Some(end) = run(after, UNRESERVED | COLON | AT) else { return Some(false) };
        if matches!(after.get(end), Some(b'[' | b']')) {
            return None;
        }
        if !is_authority(&after[..end]) {
            return Some(false);
        }
        rest = &after[end..];
    }
    Some(is_path_query_and_fragment(rest))
}

fn is_path_query_and_fragment(mut rest: &[u8]) -> bool {
    let Some(end) = run(rest, PATH) else { return false };
    rest = &rest[end..];
    for mark in [b'?', b'#'] {
        if rest.first() == Some(&mark) {
            let Some(end) = run(&rest[1..], PATH | QUESTION) else { return false };
            rest = &rest[1 + end..];
        }
    }
    rest.is_empty()
}

/// How many bytes are of these classes or percent-encoded; `None` where an encoding is broken.
#[inline]
fn run(text: &[u8], classes: u8) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if is(*byte, classes) {
            at += 1;
        } else if *byte == b'%' {
            if !text.get(at + 1..at + 3)?.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            at += 3;
        } else {
            break;
        }
    }
    Some(at)
}

/// A host, maybe after a user and before a port, of bytes that may be there.
fn is_authority(text: &[u8]) -> bool {
    let host = memchr::memchr(b'@', text).map_or(text, |at| &text[at + 1..]);
    match memchr::memchr2(b':', b'@', host) {
        None => true,
        Some(at) => host[at] == b':' && host[at + 1..].iter().all(u8::is_ascii_digit),
    }
}
