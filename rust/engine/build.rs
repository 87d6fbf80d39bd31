//! Generates the messages of the contract from the one proto file, without a protoc to install.

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
    Ok(())
}
