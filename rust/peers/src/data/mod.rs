//! The streams that speed is measured on: kinds of records, all valid, each a stream of lines and some in other forms; streams that are
//! not valid, [`faulty`] and [`hostile`]; and streams for schemas.

mod colliding;
mod deep;
mod escapes;
mod events;
pub mod faulty;
pub mod hostile;
mod keys;
mod numbers;
mod orders;
mod posts;
mod pretty;
mod published;
mod short;
mod unfit;
mod words;

pub use pretty::to_pretty;
pub use unfit::unfit;

use crate::random::Random;
use std::fs;
use std::io;
use std::path::Path;

/// A kind of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataSet {
    /// Flat objects of some 330 bytes: short strings, numbers, literals.
    Orders,
    /// Objects of some 1.8 kB that nest five deep.
    Events,
    /// Objects of some 4.5 kB, most of it text beyond ASCII.
    Posts,
    /// Arrays of long decimals.
    Numbers,
    /// Objects of 30 bytes.
    Short,
    /// Objects whose texts are escapes.
    Escapes,
    /// Arrays and objects nested a thousand deep.
    Deep,
    /// Objects with random keys.
    Keys,
}

impl DataSet {
    /// As data are.
    pub const USUAL: [Self; 3] = [Self::Orders, Self::Events, Self::Posts];
    /// As data are seldom, each hard in a way of its own.
    pub const HARD: [Self; 5] = [Self::Numbers, Self::Short, Self::Escapes, Self::Deep, Self::Keys];

    /// The stem of its files' names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Events => "events",
            Self::Posts => "posts",
            Self::Numbers => "numbers",
            Self::Short => "short",
            Self::Escapes => "escapes",
            Self::Deep => "deep",
            Self::Keys => "keys",
        }
    }

    /// Records, a line each, until they have `bytes`. The beginning of a longer stream is a shorter one.
    pub fn lines(self, bytes: usize) -> Vec<u8> {
        let mut random = Random::new(self as u64);
        let mut lines = Vec::with_capacity(bytes + (16 << 10));
        for number in 0.. {
            if lines.len() >= bytes {
                break;
            }
            match self {
                Self::Orders => orders::write(number, &mut random, &mut lines),
                Self::Events => events::write(number, &mut random, &mut lines),
                Self::Posts => posts::write(number, &mut random, &mut lines),
                Self::Numbers => numbers::write(&mut random, &mut lines),
                Self::Short => short::write(number, &mut random, &mut lines),
                Self::Escapes => escapes::write(&mut random, &mut lines),
                Self::Deep => deep::write(&mut random, &mut lines),
                Self::Keys => keys::write(&mut random, &mut lines),
            }
            lines.push(b'\n');
        }
        lines
    }
}

fn comma(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

/// The same records as one array. No record has a line feed in it.
pub fn to_array(lines: &[u8]) -> Vec<u8> {
    let mut array = Vec::with_capacity(lines.len() + lines.len() / 64 + 2);
    array.push(b'[');
    for (number, record) in lines.split(|byte| *byte == b'\n').filter(|record| !record.is_empty()).enumerate() {
        if number > 0 {
            array.extend_from_slice(b",\n");
        }
        array.extend_from_slice(record);
    }
    array.extend_from_slice(b"]\n");
    array
}

/// Writes every set to `folder`, each as `NAME.ndjson`: the usual ones with `bytes`, also as `NAME.json`, an array, and
/// `NAME-pretty.json`; the hard ones with half of them. `orders-faulty.ndjson` are orders with faults. A file that is already right is
/// left alone.
pub fn write_all(folder: &Path, bytes: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for set in DataSet::USUAL {
        let lines = set.lines(bytes);
        let name = set.name();
        write(&folder.join(format!("{name}.ndjson")), &lines)?;
        write(&folder.join(format!("{name}.json")), &to_array(&lines))?;
        write(&folder.join(format!("{name}-pretty.json")), &to_pretty(&lines))?;
    }
    for set in DataSet::HARD {
        write(&folder.join(format!("{}.ndjson", set.name())), &set.lines(bytes / 2))?;
    }
    let mut orders = DataSet::Orders.lines(bytes);
    faulty::spoil(&mut orders);
    write(&folder.join("orders-faulty.ndjson"), &orders)
}

/// Writes what is judged by schemas to `folder`, each as `NAME.ndjson` with `bytes` and `NAME-short.ndjson` with half of them: orders,
/// and records of the schemas in the folder `published`, if there is one. In `orders-hundredth-unfit.ndjson` one order of a hundred does
/// not fit its schema, in `orders-unfit.ndjson` none does. A file that is already right is left alone.
pub fn write_for_schemas(folder: &Path, bytes: usize, published: Option<&Path>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let orders = DataSet::Orders.lines(bytes);
    write_both(folder, "orders", &orders)?;
    write(&folder.join("orders-hundredth-unfit.ndjson"), &unfit(&orders, 100))?;
    write(&folder.join("orders-unfit.ndjson"), &unfit(&orders, 1))?;
    let Some(schemas) = published else { return Ok(()) };
    for name in published::names(schemas)? {
        write_both(folder, &name, &published::lines(schemas, &name, bytes)?)?;
    }
    Ok(())
}

fn write_both(folder: &Path, name: &str, lines: &[u8]) -> io::Result<()> {
    write(&folder.join(format!("{name}.ndjson")), lines)?;
    let enough = lines.len() / 2;
    let end = lines[enough..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| enough + at + 1);
    write(&folder.join(format!("{name}-short.ndjson")), &lines[..end])
}

fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let same_length = fs::metadata(file).is_ok_and(|found| found.len() == bytes.len() as u64);
    if same_length && fs::read(file)? == bytes {
        return Ok(());
    }
    fs::write(file, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Judge;
    use jassay_engine::proto::{Format, Verdict};

    const BYTES: usize = 1 << 20;

    #[test]
    fn lines_are_valid_records_of_about_the_size_they_stand_for() {
        let usual = [(DataSet::Orders, 330), (DataSet::Events, 1800), (DataSet::Posts, 4500)];
        let hard = [
            (DataSet::Numbers, 1600),
            (DataSet::Short, 30),
            (DataSet::Escapes, 1050),
            (DataSet::Deep, 4000),
            (DataSet::Keys, 550),
        ];
        for (set, size) in usual.into_iter().chain(hard) {
            let lines = set.lines(BYTES);
            let result = Judge::with_default_rules(Format::Ndjson, 1).unwrap().judge(&lines).unwrap();
            let records = result.counts.unwrap().records as usize;
            assert_eq!(result.verdict(), Verdict::Pass, "{set:?}");
            let mean = lines.len() / records;
            assert!(mean.abs_diff(size) * 20 < size, "{set:?} have {mean} bytes");
        }
    }

    #[test]
    fn other_forms_hold_the_records_of_the_lines() {
        for set in DataSet::USUAL {
            let lines = set.lines(BYTES);
            let count = |format, bytes: &[u8]| {
                let result = Judge::with_default_rules(format, 1).unwrap().judge(bytes).unwrap();
                assert_eq!(result.verdict(), Verdict::Pass);
                result.counts.unwrap().records
            };
            let expected = count(Format::Ndjson, &lines);
            assert_eq!(count(Format::Array, &to_array(&lines)), expected);
            assert_eq!(count(Format::Concatenated, &to_pretty(&lines)), expected);
        }
    }

    #[test]
    fn posts_are_mostly_beyond_ascii() {
        let lines = DataSet::Posts.lines(BYTES);
        let beyond = lines.iter().filter(|byte| !byte.is_ascii()).count();
        assert!(beyond * 2 > lines.len(), "{beyond} of {}", lines.len());
    }

    #[test]
    fn longer_lines_begin_with_shorter_ones() {
        for set in DataSet::USUAL {
            assert!(set.lines(BYTES).starts_with(&set.lines(BYTES / 8)));
        }
    }

    #[test]
    fn write_for_schemas_writes_whole_records_of_each() {
        let folder = std::env::temp_dir().join(format!("jassay-schemas-{}", std::process::id()));
        let published = folder.join("published");
        fs::create_dir_all(published.join("some")).unwrap();
        fs::create_dir_all(published.join("none")).unwrap();
        fs::write(published.join("some/instances.jsonl"), "[1, 2]\n[3]\n").unwrap();
        write_for_schemas(&folder.join("data"), 16, Some(&published)).unwrap();
        let read = |name: &str| fs::read_to_string(folder.join("data").join(name)).unwrap();
        assert_eq!(read("some.ndjson"), "[1,2]\n[3]\n[1,2]\n");
        assert_eq!(read("some-short.ndjson"), "[1,2]\n[3]\n");
        assert!(read("orders.ndjson").starts_with("{\"order_id\"") && !folder.join("data/none.ndjson").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn write_all_leaves_right_files_alone_and_mends_others() {
        let folder = std::env::temp_dir().join(format!("jassay-data-{}", std::process::id()));
        write_all(&folder, 1000).unwrap();
        let (right, wrong) = (folder.join("orders.json"), folder.join("posts.ndjson"));
        let expected = fs::read(&wrong).unwrap();
        fs::write(&wrong, vec![b' '; expected.len()]).unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options().write(true).open(&right).unwrap().set_modified(long_ago).unwrap();
        write_all(&folder, 1000).unwrap();
        assert_eq!(fs::read(&wrong).unwrap(), expected);
        assert_eq!(fs::metadata(&right).unwrap().modified().unwrap(), long_ago);
        fs::remove_dir_all(&folder).unwrap();
    }
}
