// A histogram as bars to be drawn: where each one begins and ends on the line, and how high it is.

import { number } from "./numbers.js";

/** Bars of equal width that fill the line; narrower ones are joined. */
const MOST_BARS = 100;

/**
 * The bars of a histogram: {from, to, height, count, lower, upper, value}, of which `value` is the only number in it, where it is one.
 * They end where the numbers do; those of whole numbers reach half a unit beyond the numbers in them, so that 1 to 9 are nine bars side
 * by side. Widths differ, so it is the area that is the count: heights are counts by width, on a logarithmic line by its logarithm.
 */
export function histogramBars(numbers, whole, logarithmic) {
  const bars = numbers.histogram.map((told) => {
    const [lower, upper] = [number(told.lower), number(told.upper)];
    const ends = [Math.max(lower, Number(numbers.min)), Math.min(upper, Number(numbers.max))];
    const [from, to] = whole && !logarithmic ? wholeEnds(lower, upper, ends) : wideEnds(lower, upper, ends);
    const value = whole && !logarithmic && to - from === 1 ? (from + to) / 2 : null;
    return { from, to, count: String(told.count ?? 0), lower, upper, value };
  });
  const scale = logarithmic ? { to: Math.log, from: Math.exp } : { to: (x) => x, from: (x) => x };
  const joined = join(bars, scale);
  return joined.map((bar) => ({ ...bar, height: number(bar.count) / (scale.to(bar.to) - scale.to(bar.from)) }));
}

/**
 * No bar is narrower than a hundredth of the line: buckets near zero are so narrow that the few numbers in one would be a needle, and
 * all else flat. Neighbours are joined; where there is none near, the bar takes the empty room beside it.
 */
function join(bars, scale) {
  const least = (scale.to(bars.at(-1).to) - scale.to(bars[0].from)) / MOST_BARS;
  const between = (from, to) => scale.to(to) - scale.to(from);
  const made = [];
  for (const bar of bars) {
    const last = made.at(-1);
    if (last && between(last.from, last.to) < least && between(last.from, bar.from) < least) {
      add(last, bar);
    } else {
      made.push({ ...bar });
    }
  }
  const last = made.at(-1);
  const before = made.at(-2);
  if (before && between(last.from, last.to) < least) {
    if (between(before.to, last.to) < least) {
      add(before, made.pop());
    } else {
      last.from = scale.from(scale.to(last.to) - least);
    }
  }
  made.slice(0, -1).forEach((bar) => {
    bar.to = Math.max(bar.to, scale.from(scale.to(bar.from) + least));
  });
  return made;
}

function add(bar, next) {
  const count = String(BigInt(bar.count) + BigInt(next.count));
  Object.assign(bar, { to: next.to, upper: next.upper, count, value: null });
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
