import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const { ticks } = await load("ticks.js");
const { decimal, bytes } = await load("numbers.js");

test("ticks_ofALine_areRoundAndHaveRoom", () => {
  assert.deepEqual(ticks(0, 1000, 300, decimal, false), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(ticks(-3.2, 3.2, 300, decimal, false), [-3, -2, -1, 0, 1, 2, 3]);
  assert.deepEqual(ticks(0, 24, 300, bytes, false), [0, 10, 20]);
});

test("ticks_ofLongLabels_areFew", () => {
  const places = ticks(1_702_000_000, 1_703_000_000, 300, decimal, false);
  assert.ok(places.length >= 1 && places.length <= 3, String(places));
});

test("ticks_thatWouldSayTheSame_areLeftOut", () => {
  assert.deepEqual(ticks(0, 1e-9, 300, bytes, false).length, 1);
});

test("ticks_ofLargeAndSmallRanges_areThere", () => {
  assert.ok(ticks(-1e30, 1e30, 300, decimal, false).length >= 2);
  assert.ok(ticks(-1e-300, 1e300, 300, decimal, false).length >= 2);
  const decades = ticks(10, 1e299, 300, decimal, true);
  assert.ok(decades.length >= 2 && decades.every((place) => String(Math.log10(place) % 50) === "0"), String(decades));
  assert.deepEqual(ticks(1, 100, 300, decimal, true), [1, 2, 5, 10, 20, 50, 100]);
});
