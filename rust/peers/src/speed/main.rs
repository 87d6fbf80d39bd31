//! Makes the data that speed is measured on, and measures one subject on one file of them.
//!
//! usage: speed data FOLDER BYTES             writes every data set, BYTES of each
//!        speed measure SUBJECT FILE          says `ready`; for each line of standard input works through the file once, and says
//!                                            `NANOSECONDS RECORDS`
//!
//! One process measures one subject, so that two can be measured in turn, each with its own memory and built in its own way.

mod subject;

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::path::Path;
use subject::Subject;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["data", folder, bytes] => Ok(peers::data::write_all(Path::new(folder), bytes.parse()?)?),
        ["measure", subject, file] => measure(&mut Subject::open(subject, std::fs::read(file)?)?),
        _ => Err(format!("usage: speed data FOLDER BYTES | speed measure {} FILE", Subject::NAMES.join("|")).into()),
    }
}

fn measure(subject: &mut Subject) -> Result<(), Box<dyn Error>> {
    let mut answers = io::stdout();
    writeln!(answers, "ready")?;
    for line in io::stdin().lock().lines() {
        line?;
        let pass = subject.pass()?;
        writeln!(answers, "{} {}", pass.time.as_nanos(), pass.records)?;
    }
    Ok(())
}
