//! Orders that do not fit the schema of orders, `rust/peers/schema/orders.schema.json`.

/// What an order is spoilt by: a key, and what takes the place of its member. Each breaks another keyword, and no more than one.
const FAULTS: [(&str, &str); 7] = [
    ("customer_id", "\"customer_id\":0"),
    ("status", "\"status\":\"lost\""),
    ("currency", "\"currency\":\"euro\""),
    ("items", "\"items\":\"three\""),
    ("coupon", "\"coupon\":\"X\""),
    ("channel", "\"canal\":\"web\""),
    ("weight_kg", "\"weight_kg\":-0.5"),
];

/// The same lines, in every so many of which one has a fault, the last: another one each time.
pub fn unfit(lines: &[u8], every: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len() + lines.len() / 16);
    for (number, line) in lines.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if number % every == every - 1 {
            spoil(line, FAULTS[number / every % FAULTS.len()], &mut out);
        } else {
            out.extend_from_slice(line);
        }
    }
    out
}

/// Texts of orders have no quotes and commas in them.
fn spoil(line: &[u8], (key, member): (&str, &str), out: &mut Vec<u8>) {
    let name = format!("\"{key}\":");
    let from = line.windows(name.len()).position(|window| window == name.as_bytes()).unwrap_or(line.len());
    let (before, rest) = line.split_at(from);
    let end = rest.iter().position(|byte| matches!(byte, b',' | b'}')).unwrap_or(rest.len());
    out.extend_from_slice(before);
    out.extend_from_slice(member.as_bytes());
    out.extend_from_slice(&rest[end..]);
}

#[cfg(test)]
mod tests {
    use super::super::DataSet;
    use super::*;
    use crate::engine::Judge;
    use jassay_engine::proto::{Format, ProcessResult, ProfileScope, Validation};

    fn judge(lines: &[u8]) -> ProcessResult {
        let schema_json = include_str!("../../schema/orders.schema.json").to_owned();
        let validation = Validation { schema_json, ..Validation::default() };
        Judge::new(Format::Ndjson, validation, ProfileScope::None, 1).unwrap().judge(lines).unwrap()
    }

    #[test]
    fn unfit_spoils_one_of_every_so_many_and_no_other() {
        let orders = DataSet::Orders.lines(1 << 18);
        for every in [1, 10, 100] {
            let counts = judge(&unfit(&orders, every)).counts.unwrap();
            assert_eq!(counts.invalid, counts.records / every as u64, "{every}");
        }
        assert_eq!(judge(&orders).counts.unwrap().invalid, 0);
    }

    #[test]
    fn unfit_breaks_a_keyword_for_each_fault() {
        let groups = judge(&unfit(&DataSet::Orders.lines(1 << 18), 1)).groups;
        assert_eq!(groups.len(), FAULTS.len());
    }
}
