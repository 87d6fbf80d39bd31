//! The streams that speed is measured on: three kinds of records, all valid, each a stream of lines and an array.

mod events;
mod orders;
mod posts;
mod words;

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
}

impl DataSet {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Events, Self::Posts];

    /// The stem of its files' names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Events => "events",
            Self::Posts => "posts",
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
            }
            lines.push(b'\n');
        }
        lines
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

/// Writes every set with `bytes` of each to `folder`, as `NAME.ndjson` and `NAME.json`. A file that is already right is left alone.
pub fn write_all(folder: &Path, bytes: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for set in DataSet::ALL {
        let lines = set.lines(bytes);
        let array = to_array(&lines);
        write(&folder.join(set.name()).with_extension("ndjson"), &lines)?;
        write(&folder.join(set.name()).with_extension("json"), &array)?;
    }
    Ok(())
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
        for (set, size) in [(DataSet::Orders, 330), (DataSet::Events, 1800), (DataSet::Posts, 4500)] {
            let lines = set.lines(BYTES);
            let result = Judge::with_default_rules(Format::Ndjson, 1).unwrap().judge(&lines).unwrap();
            let records = result.counts.unwrap().records as usize;
            assert_eq!(result.verdict(), Verdict::Pass, "{set:?}");
            let mean = lines.len() / records;
            assert!(mean.abs_diff(size) * 20 < size, "{set:?} have {mean} bytes");
        }
    }

    #[test]
    fn array_holds_the_records_of_the_lines() {
        for set in DataSet::ALL {
            let lines = set.lines(BYTES);
            let count = |format, bytes: &[u8]| {
                let result = Judge::with_default_rules(format, 1).unwrap().judge(bytes).unwrap();
                assert_eq!(result.verdict(), Verdict::Pass);
                result.counts.unwrap().records
            };
            assert_eq!(count(Format::Array, &to_array(&lines)), count(Format::Ndjson, &lines));
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
        for set in DataSet::ALL {
            assert!(set.lines(BYTES).starts_with(&set.lines(BYTES / 8)));
        }
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
