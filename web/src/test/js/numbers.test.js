import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const { bytes, count, decimal, duration, exact, grouped, percent } = await load("numbers.js");

test("grouped_numberOf64Bits_losesNoDigit", () => {
  assert.equal(grouped("18446744073709551615"), "18,446,744,073,709,551,615");
  assert.equal(grouped(undefined), "0");
  assert.equal(grouped("999"), "999");
});

test("exact_decimals_stayAsTheyAre", () => {
  assert.equal(exact("-1234567"), "-1,234,567");
  assert.equal(exact("1234.5678"), "1234.5678");
  assert.equal(exact("12345678901234567890123456789"), "12345678901234567890123456789");
});

test("percent_thatIsNotAll_isNeverAllOrNothing", () => {
  assert.equal(percent("1", "1000000000"), "0.001 %");
  assert.equal(percent("999999999", "1000000000"), "99.999 %");
  assert.equal(percent("0", "5"), "0 %");
  assert.equal(percent("5", "5"), "100 %");
  assert.equal(percent("1", "3"), "33.3 %");
});

test("bytes_hasThreeDigitsAndADecimalUnit", () => {
  assert.deepEqual(["0", "1", "999", "1000", "66412345", "999600"].map(bytes), ["0 bytes", "1 byte", "999 bytes", "1.00 kB", "66.4 MB", "1.00 MB"]);
});

test("count_ofOne_isSingular", () => {
  assert.equal(count("1", "record"), "1 record");
  assert.equal(count("1000", "record"), "1,000 records");
});

test("duration_isToldInWhatPeopleSay", () => {
  assert.deepEqual([210e6, 12.34e9, 200e9, 7500e9].map(duration), ["0.21 s", "12.3 s", "3 min 20 s", "2 h 5 min"]);
});

test("decimal_ofWhatIsNoNumber_isTheText", () => {
  assert.equal(decimal("Infinity"), "Infinity");
  assert.equal(decimal(1234.56789), "1,234.57");
  assert.equal(decimal(1e-9), "1e-9");
});
