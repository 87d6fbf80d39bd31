//! No byte beyond an input is read: inputs end where an unreadable page begins.
#![cfg(unix)]
#![allow(unsafe_code, missing_docs, clippy::unwrap_used)]

mod caller;

use caller::Caller;
use jassay_engine::engine::KERNEL_VARIABLE;
use jassay_engine::kernel::Choice;

/// Readable memory with a page after it that is not.
struct Guarded {
    start: *mut u8,
    length: usize,
    page: usize,
}

impl Guarded {
    fn new(at_least: usize) -> Self {
        // SAFETY: asks the system for a number, and for fresh memory of its own.
        unsafe {
            let page = libc::sysconf(libc::_SC_PAGESIZE) as usize;
            let length = at_least.next_multiple_of(page);
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            let start = libc::mmap(std::ptr::null_mut(), length + page, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
            assert_ne!(start, libc::MAP_FAILED);
            assert_eq!(libc::mprotect(start.add(length), page, libc::PROT_NONE), 0);
            Self { start: start.cast(), length, page }
        }
    }

    /// `bytes`, so that the last one is the last readable one.
    fn at_the_end(&self, bytes: &[u8]) -> &[u8] {
        assert!(bytes.len() <= self.length);
        // SAFETY: the place is inside the readable memory, which lives as long as self.
        unsafe {
            let place = self.start.add(self.length - bytes.len());
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), place, bytes.len());
            std::slice::from_raw_parts(place, bytes.len())
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the memory is of this map, and nobody uses it any more.
        unsafe { libc::munmap(self.start.cast(), self.length + self.page) };
    }
}

const STREAM: &[u8] = b"{\"a\":[1,-2.5e3,true,false,null,\"\\u00e9\\ud83d\\ude00 \xe2\x82\xac\"],\"b\":{\"c\":\"some longer text\"}}\n[1,{\"x\":nul}]\n\"\\ud800\"\n";

#[test]
fn inputs_that_end_at_an_unreadable_page_are_judged_as_elsewhere_by_every_kernel() {
    for kernel in Choice::available() {
        // SAFETY: this is the only test of its program, and no other thread runs yet.
        unsafe { std::env::set_var(KERNEL_VARIABLE, kernel.name()) };
        judge_at_the_end_of_memory(kernel.name());
    }
}

fn judge_at_the_end_of_memory(kernel: &str) {
    let caller = Caller::new(2, 1 << 28);
    let guarded = Guarded::new(1 << 20);
    let without_times = |mut result: jassay_engine::proto::ProcessResult| {
        result.timing = None;
        assert_eq!(result.provenance.as_ref().unwrap().kernel, kernel);
        result
    };
    // No format, and each of the four.
    for config in [&[][..], &[0x10, 1], &[0x10, 2], &[0x10, 3], &[0x10, 4]] {
        for length in 0..=STREAM.len() {
            let (head, tail) = STREAM.split_at(length);
            let expected = without_times(caller.process(config, &[head]));
            assert_eq!(without_times(caller.process(config, &[guarded.at_the_end(head)])), expected);
            let expected = without_times(caller.process(config, &[tail]));
            assert_eq!(without_times(caller.process(config, &[guarded.at_the_end(tail)])), expected);
        }
        let many = STREAM.repeat((1 << 20) / STREAM.len());
        let expected = without_times(caller.process(config, &[&many]));
        assert_eq!(without_times(caller.process(config, &[guarded.at_the_end(&many)])), expected);
    }
}
