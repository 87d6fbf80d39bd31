//! Measures the jsonschema crate on serde_json values.
//!
//! usage: schema-peer SUBJECT FILE SCHEMA    says `ready`; for each line of standard input works through the lines of the file twice, and
//!                                           says of the second time `NANOSECONDS RECORDS`, of which only valid ones are counted
//!
//! Subjects: `validate`, and `list`, which lists all errors of each record; with `-formats` where `format` asserts; `compile`, which
//! compiles the schema, again and again where that takes less than 20 ms, and tells the mean.

use jsonschema::Validator;
use serde_json::Value;
use std::error::Error;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// How long the work took, and how many records were valid.
type Answer = Result<(Duration, usize), Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [subject, file, schema] = arguments.as_slice() else { return Err("usage: schema-peer SUBJECT FILE SCHEMA".into()) };
    let (subject, formats) = subject.strip_suffix("-formats").map_or((subject.as_str(), false), |subject| (subject, true));
    let (bytes, text) = (std::fs::read(file)?, std::fs::read_to_string(schema)?);
    let validator = compile(&text, formats)?;
    let work: Box<dyn Fn() -> Answer> = match subject {
        "validate" => Box::new(|| each(&bytes, |value| validator.is_valid(value))),
        "list" => Box::new(|| each(&bytes, |value| list(&validator, value) == 0)),
        "compile" => Box::new(|| Ok((compile_time(&text, formats)?, 1))),
        _ => return Err(format!("no subject is called {subject}").into()),
    };
    let mut answers = io::stdout();
    writeln!(answers, "ready")?;
    for line in io::stdin().lock().lines() {
        line?;
        work()?;
        let (time, records) = work()?;
        writeln!(answers, "{} {records}", time.as_nanos())?;
    }
    Ok(())
}

fn compile(text: &str, formats: bool) -> Result<Validator, Box<dyn Error>> {
    let schema: Value = serde_json::from_str(text)?;
    Ok(jsonschema::options().should_validate_formats(formats).build(&schema)?)
}

/// How long it takes. What was compiled is freed outside of that.
fn compile_time(text: &str, formats: bool) -> Result<Duration, Box<dyn Error>> {
    let (mut time, mut times) = (Duration::ZERO, 0);
    while time < LONG_ENOUGH {
        let began = Instant::now();
        let compiled = black_box(compile(text, formats)?);
        time += began.elapsed();
        times += 1;
        drop(compiled);
    }
    Ok(time / times)
}

/// Counts the lines for which `takes` holds.
fn each(bytes: &[u8], takes: impl Fn(&Value) -> bool) -> Answer {
    let began = Instant::now();
    let mut count = 0;
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let value: Value = serde_json::from_slice(line)?;
        count += usize::from(takes(&value));
    }
    Ok((began.elapsed(), count))
}

/// Lists what is wrong, as a report would: keyword, both pointers, and a message.
fn list(validator: &Validator, value: &Value) -> usize {
    let told = validator.iter_errors(value).map(|error| {
        let pointers = (error.instance_path().as_str().len(), error.schema_path().as_str().len());
        black_box((error.kind().keyword().len(), pointers, error.to_string()));
    });
    told.count()
}
