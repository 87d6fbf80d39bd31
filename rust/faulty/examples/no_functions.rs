//! Answers the right ABI version and has nothing beside it.

/// See `jassay.h`.
#[unsafe(no_mangle)]
pub extern "C" fn jassay_abi_version() -> u32 {
    5
}
