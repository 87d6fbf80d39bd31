//! Answers an ABI version that no engine has, and would crash if asked for anything else.

/// See `jassay.h`.
#[unsafe(no_mangle)]
pub extern "C" fn jassay_abi_version() -> u32 {
    u32::MAX
}

/// See `jassay.h`.
#[unsafe(no_mangle)]
pub extern "C" fn jassay_engine_new_bounded() -> i32 {
    std::process::abort()
}
