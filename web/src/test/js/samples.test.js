import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const { assign, errorLine, place } = await load("samples.js");

const SYNTAX = "VIOLATION_CODE_SYNTAX";
const SCHEMA = "VIOLATION_CODE_SCHEMA";

function group(path, code = SYNTAX, keyword = "", schemaPointer = "") {
  return { code, path, keyword, schemaPointer };
}

function sample(instancePointer, code = SYNTAX, keyword = "", schemaPointer = "") {
  return { code, instancePointer, keyword, schemaPointer };
}

/** The path of the group that a sample is told under; undefined for none. */
function groupOf(groups, told) {
  const { assigned } = assign(groups, [told]);
  return groups.find((one) => assigned.get(one).includes(told))?.path;
}

test("assign_pointerWithIndices_isOfThePathWithStars", () => {
  const groups = [group(""), group("/items/*/price"), group("/items/*")];
  assert.equal(groupOf(groups, sample("/items/12/price")), "/items/*/price");
  assert.equal(groupOf(groups, sample("/items/12")), "/items/*");
  assert.equal(groupOf(groups, sample("")), "");
});

test("assign_numbersThatAreKeys_areOfThePathWithThem", () => {
  const groups = [group("/years/2024/1/*"), group("/years/2024/*")];
  assert.equal(groupOf(groups, sample("/years/2024/1/0")), "/years/2024/1/*");
  assert.equal(groupOf(groups, sample("/years/2024/7")), "/years/2024/*");
});

test("assign_starInAKey_isNoIndex", () => {
  const groups = [group("/a/*"), group("/a/~2"), group("/a/~23")];
  assert.equal(groupOf(groups, sample("/a/*")), "/a/~2");
  assert.equal(groupOf(groups, sample("/a/3")), "/a/*");
  assert.equal(groupOf(groups, sample("/a/*3")), "/a/~23");
});

test("assign_samePlace_isToldByCodeKeywordAndSchemaPointer", () => {
  const groups = [group("/a"), group("/a", SCHEMA, "type", "/x"), group("/a", SCHEMA, "type", "/y"), group("/a", SCHEMA, "minimum", "/y")];
  const samples = [sample("/a", SCHEMA, "type", "/y"), sample("/a"), sample("/a", SCHEMA, "minimum", "/y")];
  const { assigned } = assign(groups, samples);
  assert.deepEqual(groups.map((one) => assigned.get(one).length), [1, 0, 1, 1]);
});

test("assign_placePastTheCap_isOfThoseCountedTogether", () => {
  assert.equal(groupOf([group("/a"), group("/b"), group("/**")], sample("/z")), "/**");
});

test("assign_cutPointer_isOfTheOnlyGroupOfItsKindOrOfNone", () => {
  assert.equal(groupOf([group("/a", SCHEMA, "type"), group("/b")], sample("/a…")), "/b");
  const { others } = assign([group("/a"), group("/b")], [sample("/x…")]);
  assert.equal(others.length, 1);
});

test("place_ofAWholeRecord_countsBytesOfUtf8", () => {
  const whole = { preview: 'é"😀"x', byteOffset: "100", previewTruncated: false };
  assert.equal(place({ ...whole, errorOffset: "102" }, 256), 1);
  assert.equal(place({ ...whole, errorOffset: "108" }, 256), 5);
  assert.equal(place({ ...whole, errorOffset: "109" }, 256), 6); // after the end
  assert.equal(place({ ...whole, errorOffset: "101" }, 256), null); // inside a character
});

test("place_inTheMiddleOfALongRecord_followsFromTheWindow", () => {
  const cut = { byteOffset: "1000", byteLength: "100", previewTruncated: true };
  assert.equal(place({ ...cut, errorOffset: "1050", preview: "0123456789" }, 10), 5);
  assert.equal(place({ ...cut, errorOffset: "1002", preview: "0123456789" }, 10), 2);
  assert.equal(place({ ...cut, errorOffset: "1099", preview: "0123456789" }, 10), 9);
});

test("place_thatDoesNotFollow_isNone", () => {
  const cut = { byteOffset: "0", byteLength: "100", previewTruncated: true, errorOffset: "50" };
  assert.equal(place({ ...cut, preview: "01234567" }, 10), null); // two bytes of some characters left out, at either end
  assert.equal(place({ ...cut, preview: "0123456\ufffd" }, 10), null);
  assert.equal(place({ code: "VIOLATION_CODE_OVERSIZE", preview: "[", errorOffset: "0", byteOffset: "0" }, 10), null);
});

test("errorLine_ofARecordOverSeveral_isThatOfTheError", () => {
  const sample = { line: "5", preview: '{\n  "a": 1,\n}', byteOffset: "100", errorOffset: "112", previewTruncated: false };
  assert.equal(errorLine(sample, 256), 7);
  assert.equal(errorLine({ ...sample, errorOffset: "100" }, 256), 5);
  const cut = { ...sample, byteLength: "100", previewTruncated: true, errorOffset: "150", preview: "0123\n56789" };
  assert.equal(errorLine(cut, 10), null);
});
