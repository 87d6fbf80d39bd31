//! Compressed streams: what is judged of them is what they decompress to, and how they end.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::compress::*;
use common::*;
use jassay_engine::decompress::Bounds;
use jassay_engine::proto::Compression::{self, Gzip, Identity, Zstd};
use jassay_engine::proto::Format::{Array, Concatenated, Document, Ndjson, Unspecified};
use jassay_engine::proto::Termination::{Complete, CorruptCompression, InputTruncated, Limit};
use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Termination};
use jassay_engine::{Engine, Plan};
use prost::Message;
use std::sync::Arc;
use zstd_safe::CParameter;

const LINES: &[u8] = b"{\"id\":1,\"name\":\"one\"}\n{\"id\":2,,}\n{\"id\":3,\"name\":\"three\"}\n";
type Compress = fn(&[u8]) -> Vec<u8>;

const KINDS: [(Compression, Compress); 2] = [(Gzip, gzip), (Zstd, zstd)];

fn declared(format: Format, compression: Compression) -> ProcessConfig {
    ProcessConfig { compression: compression.into(), ..config(format) }
}

/// The result, which is the same in slabs of several sizes and with several threads.
fn run_all(engines: &[Arc<Engine>], config: &ProcessConfig, input: &[u8]) -> ProcessResult {
    let whole = run(&engines[0], config, [input]);
    for engine in engines {
        for size in [1, 7, 1000, 16 << 10, 100_000, 3 << 20] {
            if size * 1000 >= input.len() {
                assert_eq!(run(engine, config, input.chunks(size)), whole, "slabs of {size}, {} threads", engine.threads());
            }
        }
    }
    whole
}

fn engines() -> Vec<Arc<Engine>> {
    [1, 2, 3].map(engine).into()
}

fn bounded(bounds: Bounds) -> Vec<Arc<Engine>> {
    [1, 2].map(|threads| Arc::new(Engine::new(threads, MEMORY).unwrap().bounded(bounds))).into()
}

/// The result without what tells that it was compressed.
fn as_plain(result: &ProcessResult) -> ProcessResult {
    ProcessResult { compression: Identity.into(), ..result.clone() }
}

/// Lines of all lengths, some of them no JSON, that do not repeat much.
fn long_lines(bytes: usize) -> Vec<u8> {
    let mut random = Random(7);
    let mut lines = Vec::with_capacity(bytes);
    while lines.len() < bytes {
        let (id, length) = (random.next(), random.below(300));
        let fault = if random.below(500) == 0 { "," } else { "" };
        lines.extend_from_slice(format!("{{\"id\":{id},\"text\":\"{}\"{fault}}}\n", "ab".repeat(length)).as_bytes());
    }
    lines
}

#[test]
fn compressed_stream_has_the_result_of_what_it_decompresses_to() {
    let inputs: [(Format, &[u8]); 6] = [
        (Unspecified, LINES),
        (Ndjson, LINES),
        (Array, b"[1, {\"a\":2}, x]"),
        (Concatenated, b"{\n\"a\":1\n}\n{\n\"b\":\n}"),
        (Document, b"{\"a\":[1,2,3]}"),
        (Unspecified, b""),
    ];
    for (format, input) in inputs {
        let plain = judge(format, input);
        assert_eq!(plain.compression(), Identity);
        for (compression, compress) in KINDS {
            for config in [config(format), declared(format, compression)] {
                let result = run_all(&engines(), &config, &compress(input));
                assert_eq!(result.compression(), compression);
                assert_eq!(as_plain(&result), plain, "{format:?} {compression:?}");
            }
        }
    }
}

#[test]
fn long_compressed_stream_has_the_result_of_what_it_decompresses_to() {
    let lines = long_lines(5 << 20);
    let plain = judge(Ndjson, &lines);
    for (compression, compress) in KINDS {
        let result = run_all(&engines(), &declared(Ndjson, compression), &compress(&lines));
        assert_eq!(as_plain(&result), plain, "{compression:?}");
    }
}

#[test]
fn identity_declared_compressed_bytes_are_judged_as_they_are() {
    for (_, compress) in KINDS {
        let input = compress(LINES);
        let result = run_all(&engines(), &declared(Ndjson, Identity), &input);
        assert_eq!((result.compression(), counts(&result).bytes, counts(&result).valid), (Identity, input.len() as u64, 0));
    }
}

#[test]
fn compression_declared_that_is_not_there_is_corrupt_at_once() {
    for (compression, _) in KINDS {
        let result = run_all(&engines(), &declared(Ndjson, compression), LINES);
        assert_eq!(outcome(&result), (0, 0, CorruptCompression, Some(0)));
        let empty = run_all(&engines(), &declared(Ndjson, compression), b"");
        assert_eq!(outcome(&empty), (0, 0, InputTruncated, Some(0)));
    }
}

#[test]
fn members_and_frames_of_any_number_and_size_are_one_stream() {
    let plain = judge(Ndjson, LINES);
    let (head, tail) = LINES.split_at(30);
    let gzipped = [gzip(b""), gzip(head), gzip(b""), gzip(b""), gzip(tail), gzip(b"")].concat();
    assert_eq!(as_plain(&run_all(&engines(), &config(Ndjson), &gzipped)), plain);
    let unchecked = |bytes: &[u8]| zstd_with(bytes, &[CParameter::ChecksumFlag(false), CParameter::ContentSizeFlag(false)]);
    let frames = [skippable(b"{}"), zstd(b""), zstd(head), skippable(b""), unchecked(b""), unchecked(tail), skippable(&[7; 300])];
    assert_eq!(as_plain(&run_all(&engines(), &config(Ndjson), &frames.concat())), plain);
    let bytes: Vec<_> = LINES.chunks(1).map(gzip).collect();
    assert_eq!(as_plain(&run_all(&engines(), &config(Ndjson), &bytes.concat())), plain);
    let bytes: Vec<_> = LINES.chunks(1).map(zstd).collect();
    assert_eq!(as_plain(&run_all(&engines(), &config(Ndjson), &bytes.concat())), plain);
    let nothing = run_all(&engines(), &config(Ndjson), &skippable(b"x"));
    assert_eq!((nothing.compression(), outcome(&nothing)), (Zstd, (0, 0, Complete, None)));
}

#[test]
fn stream_cut_at_any_byte_is_truncated_and_what_came_is_judged() {
    for (compression, compress) in KINDS {
        let input = [compress(LINES), compress(LINES)].concat();
        let lengths = [input.len() / 2, input.len()];
        for cut in 0..input.len() {
            let result = run_all(&engines()[..2], &declared(Ndjson, compression), &input[..cut]);
            let bytes = counts(&result).bytes;
            if cut == lengths[0] {
                assert_eq!(outcome(&result), (3, 2, Complete, None));
                continue;
            }
            assert_eq!((result.termination(), result.stopped_at), (InputTruncated, Some(bytes)), "{compression:?} {cut}");
            let came = [LINES, LINES].concat()[..bytes as usize].to_vec();
            let whole = came.iter().filter(|byte| **byte == b'\n').count() as u64;
            let open = u64::from(!came.is_empty() && !came.ends_with(b"\n"));
            assert_eq!(counts(&result).records, whole + open);
        }
    }
}

#[test]
fn checksum_cut_off_all_records_are_judged() {
    for (_, compress) in KINDS {
        let input = compress(LINES);
        let result = run_all(&engines(), &config(Ndjson), &input[..input.len() - 1]);
        assert_eq!(outcome(&result), (3, 2, InputTruncated, Some(LINES.len() as u64)));
    }
}

#[test]
fn bytes_after_the_last_member_or_frame_are_corrupt_unless_they_begin_another() {
    let after: [(Compression, &[u8], Termination); 8] = [
        (Gzip, b"x", CorruptCompression),
        (Gzip, b"\0\0\0\0", CorruptCompression),
        (Gzip, b"\x1f", InputTruncated),
        (Gzip, b"\x1f\x8c", CorruptCompression),
        (Zstd, b"x", CorruptCompression),
        (Zstd, b"\x28\xb5", InputTruncated),
        (Zstd, b"\x28\xb5\x2f\xfe", CorruptCompression),
        (Zstd, b"\x5f\x2a\x4d\x18\x02\0\0\0x", InputTruncated),
    ];
    for (compression, trailing, termination) in after {
        let compressed = if compression == Gzip { gzip(LINES) } else { zstd(LINES) };
        let result = run_all(&engines(), &config(Ndjson), &[&compressed, trailing].concat());
        assert_eq!(outcome(&result), (3, 2, termination, Some(LINES.len() as u64)), "{compression:?} {trailing:x?}");
    }
}

#[test]
fn byte_changed_anywhere_is_never_taken_for_other_data() {
    let plain = judge(Ndjson, LINES);
    for (compression, compress) in KINDS {
        let input = [compress(LINES), compress(b"1\n2\n")].concat();
        let plain_bytes = LINES.len() as u64 + 4;
        for at in 0..input.len() {
            for flip in [0x01, 0x10, 0x80, 0xff] {
                let mut damaged = input.clone();
                damaged[at] ^= flip;
                let result = run_all(&engines()[..2], &declared(Ndjson, compression), &damaged);
                match result.termination() {
                    // As of a time or a flag in a header.
                    Complete if counts(&result).bytes == plain_bytes => {
                        assert_eq!(found(&result), found(&plain), "{compression:?} {at} {flip}");
                    }
                    // A frame that became one to be skipped.
                    Complete => assert!(compression == Zstd && counts(&result).bytes == LINES.len() as u64, "{at} {flip}"),
                    other => assert!(matches!(other, CorruptCompression | InputTruncated | Limit), "{other:?}"),
                }
            }
        }
    }
}

#[test]
fn damage_late_in_a_long_stream_leaves_what_came_before_it_judged() {
    let lines = long_lines(3 << 20);
    for (compression, compress) in KINDS {
        let mut input = compress(&lines);
        let at = input.len() - 3;
        input[at] ^= 0xff;
        let result = run_all(&engines(), &declared(Ndjson, compression), &input);
        assert_eq!((result.termination(), result.stopped_at), (CorruptCompression, Some(lines.len() as u64)));
        assert_eq!(counts(&result).records, counts(&judge(Ndjson, &lines)).records);
        let at = input.len() / 2;
        input[at] ^= 0xff;
        let result = run_all(&engines(), &declared(Ndjson, compression), &input);
        assert!(result.termination() == CorruptCompression && result.stopped_at.unwrap() > 1 << 20, "{:?}", result.stopped_at);
    }
}

#[test]
fn record_open_where_a_stream_breaks_off_is_valid_only_where_it_is_certain_to_be_whole() {
    let cases: [(Format, &[u8], u64, u64); 11] = [
        (Ndjson, b"1\n{\"a\":1}", 2, 2),
        (Ndjson, b"1\n[1] ", 2, 2),
        (Ndjson, b"1\n12", 2, 1),
        (Ndjson, b"1\n\"a\"", 2, 1),
        (Ndjson, b"1\n{\"a\":[1]", 2, 1),
        (Ndjson, b"1\n", 1, 1),
        (Array, b"[1,[2]", 2, 2),
        (Array, b"[1,2", 2, 1),
        (Concatenated, b"1 23", 2, 1),
        (Document, b"{\"a\":1}\n", 1, 1),
        (Document, b"12", 1, 0),
    ];
    for (format, text, records, valid) in cases {
        for (_, compress) in KINDS {
            for end in [&b"x"[..], b""] {
                // Another member is begun, and is cut off or no member.
                let input = [compress(text), if end.is_empty() { compress(b"")[..1].to_vec() } else { end.to_vec() }].concat();
                let termination = if end.is_empty() { InputTruncated } else { CorruptCompression };
                let result = run_all(&engines(), &config(format), &input);
                let expected = (records, valid, termination, Some(text.len() as u64));
                assert_eq!(outcome(&result), expected, "{format:?} {}", String::from_utf8_lossy(text));
            }
        }
    }
}

#[test]
fn syntax_that_stops_the_stream_comes_before_its_damage() {
    for (_, compress) in KINDS {
        let result = run_all(&engines(), &config(Array), &[compress(b"[1] x"), b"damage".to_vec()].concat());
        assert_eq!(outcome(&result), (1, 1, Termination::UnrecoverableSyntax, Some(4)));
    }
}

#[test]
fn expansion_beyond_its_bound_is_a_limit_at_a_fixed_place() {
    let bounds = Bounds { max_expansion: 100, free_bytes: 2 << 20, ..Bounds::default() };
    let blank = vec![b' '; 5 << 20];
    for (compression, compress) in KINDS {
        let bomb = [compress(b"1\n"), compress(&blank)].concat();
        let result = run_all(&bounded(bounds), &declared(Ndjson, compression), &bomb);
        assert_eq!(outcome(&result), (1, 1, Limit, Some(3 << 20)), "{compression:?}");
        // What is above the bound within the bytes that are free, or below it, is no bomb.
        let result = run_all(&bounded(bounds), &declared(Ndjson, compression), &compress(&blank[..2 << 20]));
        assert_eq!(outcome(&result), (0, 0, Complete, None));
        let lines = [&b"1\n"[..], &long_lines(4 << 20)].concat();
        let result = run_all(&bounded(bounds), &declared(Ndjson, compression), &compress(&lines));
        assert_eq!(result.termination(), Complete);
        let wide = Bounds { max_expansion: u64::MAX, ..bounds };
        assert_eq!(run_all(&bounded(wide), &config(Ndjson), &bomb).termination(), Complete);
    }
}

#[test]
fn window_beyond_its_bound_is_a_limit_before_its_frame() {
    // The encoder takes no larger window than it needs.
    let windowed = |log: u8| {
        let mut frame = zstd_with(LINES, &[CParameter::ContentSizeFlag(false)]);
        frame[5] = (log - 10) << 3;
        frame
    };
    let default = [engine(1)];
    assert_eq!(run_all(&default, &config(Ndjson), &windowed(23)).termination(), Complete);
    let result = run_all(&default, &config(Ndjson), &[zstd(LINES), windowed(24)].concat());
    assert_eq!(outcome(&result), (3, 2, Limit, Some(LINES.len() as u64)));
    let wide = bounded(Bounds { max_zstd_window: 1 << 24, ..Bounds::default() });
    assert_eq!(run_all(&wide, &config(Ndjson), &windowed(24)).termination(), Complete);
    assert_eq!(run_all(&wide, &config(Ndjson), &windowed(25)).termination(), Limit);
    let narrow = bounded(Bounds { max_zstd_window: 1 << 10, ..Bounds::default() });
    assert_eq!(run_all(&narrow, &config(Ndjson), &windowed(10)).termination(), Complete);
    assert_eq!(run_all(&narrow, &config(Ndjson), &windowed(11)).termination(), Limit);
}

#[test]
fn merged_parts_have_the_compression_that_all_of_them_have() {
    let engine = engine(1);
    let of_part = |part: u32, input: &[u8]| state(&engine, &ProcessConfig { part: Some(part), ..config(Ndjson) }, input);
    let (first, second, plain) = (of_part(0, &gzip(LINES)), of_part(1, &gzip(LINES)), of_part(1, LINES));
    let merged = merge(&engine, [&first[..], &second[..]]).unwrap().0;
    let whole = run(&engine, &config(Ndjson), [&gzip(&[LINES, LINES].concat())[..]]);
    assert_eq!(ProcessResult { state: Vec::new(), invalid_over_stream: whole.invalid_over_stream.clone(), ..merged }, whole);
    for states in [[&first[..], &plain[..]], [&plain[..], &first[..]]] {
        assert_eq!(merge(&engine, states).unwrap().0.compression(), Compression::Unspecified);
    }
}

#[test]
fn compression_without_a_name_is_refused() {
    let config = ProcessConfig { compression: 4, ..ProcessConfig::default() };
    let refused = Plan::compile(&config.encode_to_vec()).unwrap_err();
    assert_eq!(refused.to_string(), "compression: IDENTITY, GZIP or ZSTD, got the number 4");
}
