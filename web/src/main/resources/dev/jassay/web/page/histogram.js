// A histogram as bars to be drawn: where each one begins and ends on the line, and how high it is.

import { number } from "./numbers.js";

/**
 * The bars of a histogram. They end where the numbers do; those of whole numbers reach half a unit beyond the numbers in them, so that
 * 1 to 9 are nine bars side by side. Widths differ, so it is the area that is the count: heights are counts by width, on a logarithmic
 * line by its logarithm.
 */
export function histogramBars(numbers, whole, logarithmic) {
  return numbers.histogram.map((told) => {
    const [lower, upper] = [number(told.lower), number(told.upper)];
    const ends = [Math.max(lower, Number(numbers.min)), Math.min(upper, Number(numbers.max))];
    const [from, to] = whole && !logarithmic ? wholeEnds(lower, upper, ends) : wideEnds(lower, upper, ends);
    return { from, to, height: number(told.count) / (logarithmic ? Math.log(to / from) : to - from), count: told.count, lower, upper };
  });
}

/** A bar of one number still is as wide as it was counted, or has some width at least. */
function wideEnds(lower, upper, [first, last]) {
  if (first < last) {
    return [first, last];
  }
  return lower < upper ? [lower, upper] : [lower - 0.5, upper + 0.5];
}

/** From the first whole number in a bar to the last: it has its bound that is nearer to zero, and not the other, but for the greatest. */
function wholeEnds(lower, upper, [first, last]) {
  const least = lower < 0 && first === lower && lower < upper ? lower + (Number.isInteger(lower) ? 1 : 0) : first;
  const greatest = upper > 0 && last === upper && lower < upper ? upper - (Number.isInteger(upper) ? 1 : 0) : last;
  const [from, to] = [Math.ceil(least) - 0.5, Math.floor(greatest) + 0.5];
  return from < to ? [from, to] : wideEnds(lower, upper, [first, last]);
}

/** Whether a histogram can be drawn on a logarithmic line: all of it on one side of zero, that of people. */
export function canBeLogarithmic(histogram) {
  return histogram.length > 1 && number(histogram[0].lower) > 0;
}

/** Whether most of it would be a sliver at the left on any other line. */
export function isSkewed(histogram) {
  return canBeLogarithmic(histogram) && Number(histogram.at(-1).upper) / Number(histogram[0].lower) > 10000;
}
