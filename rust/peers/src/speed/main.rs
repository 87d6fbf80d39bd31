//! Makes the data that speed is measured on, and measures one subject on some of them.
//!
//! usage: speed data FOLDER BYTES                 writes every data set, BYTES of each
//!        speed schemas FOLDER BYTES [PUBLISHED] writes what is judged by schemas, with records of those in the folder PUBLISHED
//!        speed measure SUBJECT FILE [SCHEMA]     says `ready`; for each line of standard input works through the file twice, and says
//!                                                of the second time `NANOSECONDS RECORDS`, of which only valid ones are counted
//!        speed hostile SUBJECT KIND RECORD BYTES does so with BYTES that it makes itself, in records of RECORD bytes
//!        speed kernel                            says on which code path the engine judges
//!
//! One process measures one subject, so that two can be measured in turn, each with its own memory and built in its own way.

mod clear_profile;
mod setting;
mod subject;

use jassay_engine::proto::Format;
use peers::data::hostile::Hostile;
use peers::engine::Judge;
use setting::Setting;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::path::Path;
use subject::Subject;

const USAGE: &str = "usage: speed data FOLDER BYTES | schemas FOLDER BYTES [PUBLISHED] | measure SUBJECT FILE [SCHEMA] | hostile SUBJECT KIND RECORD BYTES | kernel";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["data", folder, bytes] => Ok(peers::data::write_all(Path::new(folder), bytes.parse()?)?),
        ["schemas", folder, bytes] => Ok(peers::data::write_for_schemas(Path::new(folder), bytes.parse()?, None)?),
        ["schemas", folder, bytes, published] => {
            Ok(peers::data::write_for_schemas(Path::new(folder), bytes.parse()?, Some(Path::new(published)))?)
        }
        ["measure", subject, file] => measure(&mut Subject::open(subject, std::fs::read(file)?, "")?),
        ["measure", subject, file, schema] => {
            measure(&mut Subject::open(subject, std::fs::read(file)?, &std::fs::read_to_string(schema)?)?)
        }
        ["hostile", subject, kind, record, bytes] => {
            let made = hostile(subject, kind, record.parse()?, bytes.parse()?)?;
            measure(&mut Subject::open(subject, made, "")?)
        }
        ["kernel"] => {
            let result = Judge::with_default_rules(Format::Ndjson, 1)?.judge(b"")?;
            Ok(writeln!(io::stdout(), "{}", result.provenance.unwrap_or_default().kernel)?)
        }
        _ => Err(USAGE.into()),
    }
}

fn measure(subject: &mut Subject) -> Result<(), Box<dyn Error>> {
    let mut answers = io::stdout();
    writeln!(answers, "ready")?;
    for line in io::stdin().lock().lines() {
        line?;
        // The other one of a pair has worked meanwhile: cores have slept, and caches are not this one's.
        subject.pass()?;
        let pass = subject.pass()?;
        writeln!(answers, "{} {}", pass.time.as_nanos(), pass.records)?;
    }
    Ok(())
}

fn hostile(subject: &str, kind: &str, record_bytes: usize, bytes: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let setting = Setting::parse(subject).ok_or("only the engine is measured on such data")?;
    let kind = Hostile::ALL.into_iter().find(|known| known.name() == kind).ok_or_else(|| format!("no data are called {kind}"))?;
    Ok(kind.stream(setting.format, record_bytes, bytes))
}
