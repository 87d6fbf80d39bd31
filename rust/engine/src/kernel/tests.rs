//! Every kernel against what its operations are said to be.

use super::*;

/// What one chunk is in all ways, by one kernel.
#[derive(Debug, PartialEq)]
struct Sets {
    of_bytes: [u64; 8],
    equal: Vec<u64>,
    at_least: Vec<u64>,
    prefix_xor: u64,
    /// Of the first 32 bytes.
    digits: u32,
    /// Lengths for which the halves begin alike.
    alike: Vec<u8>,
    places: Vec<u32>,
}

struct Look<'a>(&'a [u8; CHUNK], u64);

impl Task for Look<'_> {
    type Output = Sets;

    fn run<K: Kernel>(self, kernel: K) -> Sets {
        kernel.vectorize(|| {
            let bytes = kernel.load(self.0);
            let mut places = [0; CHUNK];
            kernel.flatten(self.1, 1000, &mut places);
            Sets {
                of_bytes: [
                    kernel.non_ascii(bytes),
                    kernel.control_or_non_ascii(bytes),
                    kernel.structural(bytes) & kernel.at_least(bytes, 0x20),
                    kernel.white(bytes),
                    kernel.escapable(bytes),
                    kernel.opening(bytes),
                    kernel.closing(bytes),
                    kernel.rare_leads(bytes),
                ],
                equal: (0..=255).map(|byte| kernel.equal(bytes, byte)).collect(),
                at_least: (1..=255).map(|byte| kernel.at_least(bytes, byte)).collect(),
                prefix_xor: kernel.prefix_xor(self.1),
                digits: kernel.digits(halves(self.0).0),
                alike: (0..40).filter(|length| kernel.begin_alike(halves(self.0).0, halves(self.0).1, *length)).collect(),
                places: places[..self.1.count_ones() as usize].to_vec(),
            }
        })
    }
}

fn halves(bytes: &[u8; CHUNK]) -> (&[u8; WINDOW], &[u8; WINDOW]) {
    (bytes.first_chunk().unwrap(), bytes.last_chunk().unwrap())
}

fn expected(bytes: &[u8; CHUNK], bits: u64) -> Sets {
    let set = |of: &dyn Fn(u8) -> bool| (0..CHUNK).filter(|i| of(bytes[*i])).fold(0, |set, i| set | 1 << i);
    Sets {
        of_bytes: [
            set(&|byte| byte >= 0x80),
            set(&|byte| !(0x20..0x80).contains(&byte)),
            set(&|byte| b"[]{},:".contains(&byte)),
            set(&|byte| b" \t\n\r".contains(&byte)),
            set(&|byte| b"\"\\/bfnrtu".contains(&byte)),
            set(&|byte| b"[{".contains(&byte)),
            set(&|byte| b"]}".contains(&byte)),
            set(&|byte| matches!(byte, 0xC0 | 0xC1 | 0xE0 | 0xED | 0xF4..)),
        ],
        equal: (0..=255).map(|other| set(&|byte| byte == other)).collect(),
        at_least: (1..=255).map(|least| set(&|byte| byte >= least)).collect(),
        prefix_xor: (0..CHUNK).filter(|i| (bits << (63 - i)).count_ones() % 2 == 1).fold(0, |set, i| set | 1 << i),
        digits: set(&|byte| byte.is_ascii_digit()) as u32,
        alike: (0..40)
            .filter(|length| bytes[..32.min(usize::from(*length))] == bytes[32..][..32.min(usize::from(*length))])
            .collect(),
        places: (0..64).filter(|i| bits >> i & 1 == 1).map(|i| 1000 + i).collect(),
    }
}

#[test]
fn every_kernel_gives_the_sets_that_are_said() {
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ state >> 31
    };
    let all = |first: u8| std::array::from_fn(|i| first.wrapping_add(i as u8));
    let mut chunks: Vec<[u8; CHUNK]> = (0..4).map(|quarter| all(quarter * 64)).collect();
    for _ in 0..50 {
        chunks.push(std::array::from_fn(|_| random() as u8));
        let same = random() as usize % WINDOW;
        let half: [u8; WINDOW] = std::array::from_fn(|_| b"0123456789.-eE/:"[random() as usize % 16]);
        chunks.push(std::array::from_fn(|i| if i == WINDOW + same { b'x' } else { half[i % WINDOW] }));
        chunks.push(std::array::from_fn(|_| b"{}[],:\"\\ \n\t\ru/a\x1f\x7f\x80"[random() as usize % 18]));
    }
    for chunk in &chunks {
        for bits in [0, u64::MAX, 1, 1 << 63, random(), random() & random() & random(), random() | random()] {
            for choice in Choice::available() {
                assert_eq!(choice.run(Look(chunk, bits)), expected(chunk, bits), "{choice:?}, {chunk:?}, {bits:x}");
            }
        }
    }
}

#[test]
fn a_kernel_is_found_by_its_name_and_another_name_is_refused_with_those_there_are() {
    for choice in Choice::available() {
        assert_eq!(choice.name().parse::<Choice>().unwrap().name(), choice.name());
    }
    let refusal = "sse9".parse::<Choice>().unwrap_err().to_string();
    assert!(refusal.starts_with("no kernel 'sse9' on this processor; it has: ") && refusal.ends_with("portable"), "{refusal}");
}
