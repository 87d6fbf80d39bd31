//! Records to measure.

use super::Random;

/// Records of every kind, from a seed: all that JSON has, in awkward forms.
struct Generator {
    random: Random,
}

impl Generator {
    fn below(&mut self, most: u64) -> u64 {
        self.random.next() % most
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn space(&mut self) -> &'static str {
        self.pick(&["", "", "", " ", "  \t", "\r"])
    }

    fn record(&mut self, depth: u64) -> String {
        match self.below(if depth > 3 { 7 } else { 11 }) {
            0 => self.pick(&["null", "true", "false"]).to_owned(),
            1..4 => self.number(),
            4..7 => self.string(),
            7 => {
                let elements: Vec<String> = (0..self.below(5)).map(|_| self.record(depth + 1)).collect();
                self.container('[', &elements, ']')
            }
            _ => {
                let keys = ["a", "b", "c\\u0064", "a longer key than sixteen bytes", "", "x/y", "s*r", "t~", "\\\\", "k\u{e4}se"];
                let from = self.below(keys.len() as u64) as usize;
                let count = self.below(keys.len() as u64) as usize;
                let members: Vec<String> = (0..count)
                    .map(|i| {
                        let (before, after) = (self.space(), self.space());
                        format!("\"{}\"{before}:{after}{}", keys[(from + i) % keys.len()], self.record(depth + 1))
                    })
                    .collect();
                self.container('{', &members, '}')
            }
        }
    }

    fn container(&mut self, open: char, inner: &[String], close: char) -> String {
        let comma = format!("{},{}", self.space(), self.space());
        format!("{open}{}{}{}{close}", self.space(), inner.join(&comma), self.space())
    }

    fn number(&mut self) -> String {
        let sign = self.pick(&["", "", "-"]);
        let text = match self.below(8) {
            0 => self.pick(&["0", "0.0", "0e5", "1e400", "1E-400", "9007199254740993", "18446744073709551616"]).to_owned(),
            1 => format!("{}.{:03}", self.below(100), self.below(1000)),
            2 => format!("{}e{}", self.below(100), self.below(20)),
            3 => format!("{}.{}E-{}", self.below(10), self.below(1 << 60), self.below(20)),
            4 => format!("{}{}", 1 + self.below(1 << 60), self.below(1 << 60)),
            5 => format!("1000000000.{:03}", self.below(9)),
            _ => self.below(50).to_string(),
        };
        format!("{sign}{text}")
    }

    fn string(&mut self) -> String {
        let pieces = ["a", "\\n", "\\u0000", "\\ud83d\\ude00", "\u{e4}", "\u{1f600}", "\\\"", "\\\\", "2024-01-01", " ", "12"];
        let text: String = (0..self.below(4)).map(|_| self.pick(&pieces)).collect();
        format!("\"{text}\"")
    }
}

pub fn records(seed: u64, count: u64) -> Vec<String> {
    let mut generator = Generator { random: Random(seed) };
    (0..count).map(|_| generator.record(0)).collect()
}
