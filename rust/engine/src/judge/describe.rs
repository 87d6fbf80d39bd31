//! What a message says about a fault.

use std::fmt;

/// The facts of a fault beside its code and place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A byte that cannot stand where it stands, or the end of the record.
    Unexpected {
        /// What could have stood there.
        expected: Expected,
        /// The byte; `None` at the end of the record.
        found: Option<u8>,
    },
    /// A sequence of bytes that is no UTF-8.
    BadSequence,
    /// Half a surrogate pair.
    LoneSurrogate {
        /// The code unit.
        unit: u16,
    },
    /// A key that its object has already.
    DuplicateKey,
    /// A container more than may be open.
    TooDeep {
        /// Containers that may be open.
        max_depth: u32,
    },
    /// A record that is longer than it may be.
    TooLong {
        /// Bytes that it may have.
        max_record_bytes: u64,
    },
    /// An element of an array that is nothing.
    EmptyElement,
    /// A record that is whole by itself, but the stream ends before it is certain that no byte of it is missing.
    CutOff,
}

/// What could have stood at the place of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A value.
    Value,
    /// A value or the end of an empty array.
    ValueOrClose,
    /// A key or the end of an empty object.
    KeyOrClose,
    /// A key.
    Key,
    /// The colon after a key.
    Colon,
    /// What follows an element.
    CommaOrCloseArray,
    /// What follows a member.
    CommaOrCloseObject,
    /// Nothing.
    End,
    /// A digit of a number.
    Digit,
    /// The rest of `true`.
    True,
    /// The rest of `false`.
    False,
    /// The rest of `null`.
    Null,
    /// What may follow a backslash.
    Escape,
    /// A digit of an escape.
    HexDigit,
    /// Anything but a bare control character.
    NoControl,
    /// The end of a string.
    CloseQuote,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a value",
            Self::ValueOrClose => "a value or ']'",
            Self::KeyOrClose => "a key in double quotes or '}'",
            Self::Key => "a key in double quotes",
            Self::Colon => "':'",
            Self::CommaOrCloseArray => "',' or ']'",
            Self::CommaOrCloseObject => "',' or '}'",
            Self::End => "the end of the record",
            Self::Digit => "a digit",
            Self::True => "true",
            Self::False => "false",
            Self::Null => "null",
            Self::Escape => "one of \" \\ / b f n r t u after a backslash",
            Self::HexDigit => "four hexadecimal digits after \\u",
            Self::NoControl => "control characters in a string to be escaped",
            Self::CloseQuote => "'\"' to end the string",
        })
    }
}

impl Detail {
    /// What a message says that must not show what is in the record.
    pub fn without_values(&self) -> String {
        match self {
            Self::Unexpected { expected, found: Some(_) } => format!("expected {expected}"),
            Self::LoneSurrogate { .. } => "half of a surrogate pair, without the other half".to_owned(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Unexpected { expected, found: Some(byte @ (b'!'..=b'&' | b'('..=b'~')) } => {
                write!(f, "expected {expected}, found '{}'", char::from(byte))
            }
            Self::Unexpected { expected, found: Some(b'\'') } => write!(f, "expected {expected}, found a single quote"),
            Self::Unexpected { expected, found: Some(byte) } => write!(f, "expected {expected}, found byte 0x{byte:02X}"),
            Self::Unexpected { expected, found: None } => write!(f, "expected {expected}, but the record ends here"),
            Self::BadSequence => f.write_str("not UTF-8"),
            Self::LoneSurrogate { unit } => write!(f, "\\u{unit:04X} is half of a surrogate pair, without the other half"),
            Self::DuplicateKey => f.write_str("the object has this key already"),
            Self::TooDeep { max_depth } => write!(f, "more than {max_depth} arrays and objects inside one another"),
            Self::TooLong { max_record_bytes } => write!(f, "the record is longer than {max_record_bytes} bytes"),
            Self::EmptyElement => f.write_str("expected a value between the separators of the array"),
            Self::CutOff => f.write_str("the input ends before the record is certain to be whole"),
        }
    }
}
