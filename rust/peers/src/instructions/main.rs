//! Counts the instructions of judging, so that a slowdown is seen where times are too noisy to show it.
//!
//! usage: instructions check FILE    counts, and compares with FILE: exit code 1 where more than 3 % were added
//!        instructions write FILE    counts, and writes FILE anew
//!        instructions pass SET N    judges a data set N times: what is counted
//!
//! Counts are per thousand bytes, of callgrind (valgrind), which knows AVX2 and no AVX-512. They hold for one compiler: with another one
//! than wrote the file, or without valgrind, nothing is compared.

use jassay_engine::engine::KERNEL_VARIABLE;
use jassay_engine::proto::{Format, Verdict};
use peers::data::DataSet;
use peers::engine::Judge;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

const KERNELS: [&str; 2] = ["avx2", "portable"];
const BYTES: usize = 500_000;
const PASSES: u64 = 4;
/// Share that may be added without being called a slowdown: what memory's layout does to copies.
const PLAY: f64 = 0.03;

/// By kernel and data set.
type Counts = BTreeMap<String, u64>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["pass", set, passes] => {
            pass(set, passes.parse()?)?;
            Ok(ExitCode::SUCCESS)
        }
        ["write", file] => {
            std::fs::write(file, table(&compiler()?, &count_all()?))?;
            Ok(ExitCode::SUCCESS)
        }
        ["check", file] => check(Path::new(file)),
        _ => Err("usage: instructions check FILE | write FILE | pass SET N".into()),
    }
}

fn pass(set: &str, passes: u64) -> Result<(), Box<dyn Error>> {
    let set = DataSet::USUAL.into_iter().find(|known| known.name() == set).ok_or("no such data set")?;
    let lines = set.lines(BYTES);
    let judge = Judge::with_default_rules(Format::Ndjson, 1)?;
    for _ in 0..passes {
        if judge.judge(&lines)?.verdict() != Verdict::Pass {
            return Err("the data are not all valid".into());
        }
    }
    Ok(())
}

fn check(file: &Path) -> Result<ExitCode, Box<dyn Error>> {
    let mut out = io::stdout();
    let text = std::fs::read_to_string(file)?;
    let (header, expected) = parse(&text)?;
    let compiler = compiler()?;
    if header != compiler {
        writeln!(out, "instructions: not compared: counted with {header}, and this is {compiler}")?;
        return Ok(ExitCode::SUCCESS);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        writeln!(out, "instructions: not compared: valgrind is not installed")?;
        return Ok(ExitCode::SUCCESS);
    }
    let counted = count_all()?;
    let mut slower = false;
    for (name, expected) in expected {
        let now = *counted.get(&name).ok_or_else(|| format!("{} names {name}, which is not counted", file.display()))?;
        let change = now as f64 / expected as f64 - 1.0;
        let verdict = if change > PLAY {
            slower = true;
            "slower"
        } else if change < -PLAY {
            "faster: write the file anew"
        } else {
            "as before"
        };
        writeln!(
            out,
            "{name:<16} {now:>6} instructions per 1,000 bytes, {expected} before: {:+.1} %, {verdict}",
            100.0 * change
        )?;
    }
    Ok(if slower { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn compiler() -> Result<String, Box<dyn Error>> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Instructions per thousand bytes, by kernel and data set.
fn count_all() -> Result<Counts, Box<dyn Error>> {
    let mut counts = BTreeMap::new();
    for kernel in KERNELS {
        for set in DataSet::USUAL {
            // What making the data and starting takes is in both.
            let work = count(kernel, set.name(), PASSES)? - count(kernel, set.name(), 0)?;
            let bytes = set.lines(BYTES).len() as u64 * PASSES;
            counts.insert(format!("{kernel} {}", set.name()), work * 1000 / bytes);
        }
    }
    Ok(counts)
}

fn count(kernel: &str, set: &str, passes: u64) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["pass", set, &passes.to_string()])
        .env(KERNEL_VARIABLE, kernel)
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(told.into());
    }
    let collected = told.lines().find_map(|line| line.split_once("Collected :")).ok_or("callgrind tells no count")?;
    Ok(collected.1.trim().parse()?)
}

fn table(compiler: &str, counts: &Counts) -> String {
    let mut text = format!("{compiler}\n");
    for (name, count) in counts {
        let _ = writeln!(text, "{name} {count}");
    }
    text
}

/// The compiler, and the counts by name.
fn parse(text: &str) -> Result<(&str, Counts), Box<dyn Error>> {
    let (compiler, rows) = text.split_once('\n').ok_or("the file of counts is empty")?;
    let mut counts = BTreeMap::new();
    for row in rows.lines() {
        let (name, count) = row.rsplit_once(' ').ok_or_else(|| format!("no count: {row}"))?;
        counts.insert(name.to_owned(), count.parse()?);
    }
    Ok((compiler, counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_written_is_read_as_it_was() {
        let counts = BTreeMap::from([("avx2 orders".to_owned(), 9000), ("portable posts".to_owned(), 40_000)]);
        assert_eq!(parse(&table("rustc 1.0", &counts)).unwrap(), ("rustc 1.0", counts));
    }
}
