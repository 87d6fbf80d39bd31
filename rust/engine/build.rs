//! Generates the messages of the contract and of states from their proto files, without a protoc to install, and sees what the compiler
//! has.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR"));
    let roots = [engine.join("../../proto"), engine.join("proto")];
    let files = [roots[0].join("jassay/v1/jassay.proto"), roots[1].join("jassay/state/v1/state.proto")];
    files.iter().for_each(|file| println!("cargo::rerun-if-changed={}", file.display()));
    let descriptors = protox::compile(files, roots)?;
    prost_build::Config::new()
        // Map entries in key order, so that equal results are equal bytes.
        .btree_map(["."])
        .include_file("messages.rs")
        .compile_fds(descriptors)?;
    // The compiler has intrinsics for AVX-512 from 1.89 on; without them, the next best kernel serves.
    println!("cargo::rustc-check-cfg=cfg(has_avx512)");
    if rustversion::cfg!(since(1.89)) {
        println!("cargo::rustc-cfg=has_avx512");
    }
    Ok(())
}
