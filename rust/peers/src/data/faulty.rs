//! Records of which every tenth has a fault.

/// Which records get one.
const EVERY: usize = 10;

/// The same lines, in every tenth of which a colon or comma is spoilt: another one each time.
pub fn spoil(lines: &mut [u8]) {
    let records = lines.split_mut(|byte| *byte == b'\n').filter(|record| !record.is_empty());
    for (fault, record) in records.skip(EVERY - 1).step_by(EVERY).enumerate() {
        let count = separators(record).count();
        let at = separators(record).nth(fault % count.max(1));
        if let Some(at) = at {
            record[at] = if record[at] == b':' { b',' } else { b':' };
        }
    }
}

/// Where an object at the top goes from key to value or from member to member. Its texts have no quotes in them.
fn separators(record: &[u8]) -> impl Iterator<Item = usize> {
    let mut in_text = false;
    record.iter().enumerate().filter_map(move |(at, byte)| {
        in_text ^= *byte == b'"';
        (!in_text && matches!(byte, b':' | b',')).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::super::DataSet;
    use super::*;
    use crate::engine::Judge;
    use jassay_engine::proto::Format;

    #[test]
    fn spoil_makes_every_tenth_record_invalid_and_no_other() {
        let mut lines = DataSet::Orders.lines(1 << 18);
        spoil(&mut lines);
        let counts = Judge::with_default_rules(Format::Ndjson, 1).unwrap().judge(&lines).unwrap().counts.unwrap();
        assert_eq!(counts.invalid, counts.records / 10);
    }
}
