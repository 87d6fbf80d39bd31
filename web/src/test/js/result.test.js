import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const { overStream, readResult, summary } = await load("result.js");

test("readResult_withTheNamesOfTheProtoFile_isThatOfJson", () => {
  const text = `{"verdict": "VERDICT_FAIL", "counts": {"schema_invalid": "1"}, "labels": {"my_label": "a_b"},
    "violations": [{"error_offset": "7", "instance_pointer": "/a_b"}], "inferred_schema_json": "{\\"a_b\\": 1}"}`;
  assert.deepEqual(readResult(text), {
    verdict: "VERDICT_FAIL",
    counts: { schemaInvalid: "1" },
    labels: { my_label: "a_b" },
    violations: [{ errorOffset: "7", instancePointer: "/a_b" }],
    inferredSchemaJson: '{"a_b": 1}',
  });
});

test("readResult_ofAnythingElse_isNone", () => {
  ["", "[]", "null", "{", '{"verdict": "VERDICT_FAIL"}', '{"verdict": 2, "counts": {}}'].forEach((text) => assert.equal(readResult(text), null));
});

test("summary_whereJudgingStopped_saysSo", () => {
  const result = { termination: "TERMINATION_UNRECOVERABLE_SYNTAX", stoppedAt: "6", counts: { records: "2", valid: "2", invalid: "0" } };
  assert.equal(summary(result), "Judging stopped at byte 6; 2 valid records before that.");
});

test("overStream_endsWithTheStream", () => {
  const over = overStream({ counts: { bytes: "2500" }, invalidOverStream: { bucketBytes: "1024", counts: ["1"] } });
  assert.deepEqual(over, { bucketBytes: 1024, invalid: [1, 0, 0], length: 2500 });
  assert.equal(overStream({ counts: { bytes: "24" }, invalidOverStream: { bucketBytes: "1024", counts: ["1"] } }).length, 24);
});
