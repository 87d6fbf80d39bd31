import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const { canBeLogarithmic, histogramBars, isSkewed } = await load("histogram.js");

function bar(lower, upper, amount) {
  return { lower, upper, count: String(amount) };
}

function numbers(min, max, ...histogram) {
  return { min: String(min), max: String(max), histogram };
}

function ends(bars) {
  return bars.map(({ from, to }) => [from, to]);
}

/** That bars do not overlap, and that their areas are the counts. */
function check(bars, scale = (x) => x) {
  bars.forEach(({ from, to, height, count }, index) => {
    assert.ok(from < to);
    assert.ok(index === 0 || from >= bars[index - 1].to);
    assert.ok(Math.abs(height * (scale(to) - scale(from)) - Number(count)) < 1e-9 * Number(count));
  });
}

test("bars_ofSmallWholeNumbers_standSideBySide", () => {
  const bars = histogramBars(numbers(-2, 2, bar(-2.03125, -2, 3), bar(-1.015625, -1, 4), bar(0, 0, 5), bar(1, 1.015625, 6), bar(2, 2.03125, 7)), true, false);
  assert.deepEqual(ends(bars), [[-2.5, -1.5], [-1.5, -0.5], [-0.5, 0.5], [0.5, 1.5], [1.5, 2.5]]);
  assert.deepEqual(bars.map(({ height }) => height), [3, 4, 5, 6, 7]);
  check(bars);
});

test("bars_ofLargeWholeNumbers_haveTheBoundThatIsNearerToZero", () => {
  const bars = histogramBars(numbers(-130, 130, bar(-144, -128, 1), bar(-128, -120, 1), bar(120, 128, 1), bar(128, 144, 1)), true, false);
  assert.deepEqual(ends(bars), [[-130.5, -127.5], [-127.5, -119.5], [119.5, 127.5], [127.5, 130.5]]);
  check(bars);
});

test("bars_ofFractions_endWhereTheNumbersDo", () => {
  const bars = histogramBars(numbers(0.6, 1.1, bar(0.5, 0.75, 2), bar(0.75, 1, 2), bar(1, 1.25, 2)), false, false);
  assert.deepEqual(ends(bars), [[0.6, 0.75], [0.75, 1], [1, 1.1]]);
  check(bars);
});

test("bars_ofOneNumber_haveSomeWidth", () => {
  check(histogramBars(numbers(9.5, 9.5, bar(9.5, 9.625, 1)), false, false));
  check(histogramBars(numbers(0, 0, bar(0, 0, 1)), true, false));
});

test("bars_onALogarithmicLine_haveTheirAreaThere", () => {
  check(histogramBars(numbers(1, 4000, bar(1, 2, 5), bar(2, 4, 5), bar(2048, 4096, 9)), true, true), Math.log);
});

test("line_isLogarithmicOnlyWherePossibleAndNeeded", () => {
  assert.equal(canBeLogarithmic([bar(0, 0, 1), bar(1, 2, 1)]), false);
  assert.equal(canBeLogarithmic([bar(1, 2, 1), bar(4, 8, 1)]), true);
  assert.equal(isSkewed([bar(1, 2, 1), bar(4, 8, 1)]), false);
  assert.equal(isSkewed([bar(0.001, 0.002, 1), bar(400, 800, 1)]), true);
});

test("bars_withoutBounds_haveThemAtZero", () => {
  const bars = histogramBars(numbers(-1, 1, { lower: -1, count: "2" }, { count: "5" }, { upper: 1, count: "3" }), false, false);
  assert.deepEqual(ends(bars), [[-1, 0], [-0.5, 0.5], [0, 1]]);
  assert.deepEqual(bars.map(({ height }) => height), [2, 5, 3]);
  assert.equal(canBeLogarithmic([{ count: "5" }, bar(1, 2, 1)]), false);
});

test("bars_narrowerThanAHundredthOfTheLine_areJoined", () => {
  const bars = histogramBars(
    numbers(-1000, 1000, bar(-1000, -500, 10), bar(-500, -1, 10), bar(-0.002, -0.001, 1), bar(0.001, 0.002, 1), bar(1, 500, 10), bar(500, 1000, 10)), false, false);
  assert.deepEqual(bars.map(({ count }) => count), ["10", "10", "12", "10"]);
  assert.ok(Math.max(...bars.map(({ height }) => height)) < 2 * Math.min(...bars.map(({ height }) => height)));
  check(bars);
});

test("bars_thatStandAlone_takeTheRoomBesideThem", () => {
  const bars = histogramBars(numbers(0, 1000, bar(0, 0, 3), bar(500, 500.5, 4), bar(999.5, 1000, 5)), false, false);
  assert.deepEqual(bars.map(({ count }) => count), ["3", "4", "5"]);
  bars.forEach(({ from, to }) => assert.ok(to - from > 9.9));
  check(bars);
});

test("bars_onALogarithmicLine_areJoinedByItsScale", () => {
  const bars = histogramBars(numbers(1, 1e6, bar(1, 1.01, 3), bar(1.01, 1.02, 4), bar(100, 101, 4), bar(9e5, 1e6, "18446744073709551615")), false, true);
  assert.deepEqual(bars.map(({ count }) => count), ["7", "4", "18446744073709551615"]);
  bars.forEach(({ from, to }) => assert.ok(Math.log(to / from) > 0.13));
});
