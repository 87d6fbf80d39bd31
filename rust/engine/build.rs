//! Generates the messages of the contract from the one proto file, without a protoc to install, and sees what the compiler has.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let file = root.join("jassay/v1/jassay.proto");
    println!("cargo::rerun-if-changed={}", file.display());
    let descriptors = protox::compile([file], [root])?;
    prost_build::Config::new()
        // Map entries in key order, so that equal results are equal bytes.
        .btree_map(["."])
        .compile_fds(descriptors)?;
    // The compiler has intrinsics for AVX-512 from 1.89 on; without them, the next best kernel serves.
    println!("cargo::rustc-check-cfg=cfg(has_avx512)");
    if rustversion::cfg!(since(1.89)) {
        println!("cargo::rustc-cfg=has_avx512");
    }
    Ok(())
}
