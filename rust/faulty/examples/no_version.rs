//! A library that has nothing to do with the engine.

/// Something else.
#[unsafe(no_mangle)]
pub extern "C" fn something_else() -> u32 {
    0
}
