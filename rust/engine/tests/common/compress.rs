//! Compresses what tests feed.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use zstd_safe::{CCtx, CParameter};

/// One member.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One frame, with a checksum.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd_with(bytes, &[CParameter::ChecksumFlag(true)])
}

/// One frame.
pub fn zstd_with(bytes: &[u8], parameters: &[CParameter]) -> Vec<u8> {
    let mut context = CCtx::create();
    for parameter in parameters {
        context.set_parameter(*parameter).unwrap();
    }
    let mut frame = vec![0; zstd_safe::compress_bound(bytes.len())];
    let length = context.compress2(&mut frame[..], bytes).unwrap();
    frame.truncate(length);
    frame
}

/// A frame that decoders pass over.
pub fn skippable(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [&[0x53, 0x2a, 0x4d, 0x18][..], &length, content].concat()
}
