// Bars over a number line, drawn by uPlot. Bars may differ in width; what is read off each stands as text below, so that nothing is
// told by colour and place alone: by the pointer, or by the arrow keys once the plot has the focus.

import { el } from "./dom.js";
import { histogramBars } from "./histogram.js";
import { bytes, count, decimal, grouped, number, percent } from "./numbers.js";
import { THEME_CHANGED } from "./theme.js";
import { ticks } from "./ticks.js";

const HEIGHT = 180;
const STREAM_HEIGHT = 130;
const SIDES = 80; // of a plot's width, beside the line: somewhat more than there is

/** Pixels that the labels of an axis take. */
function widest(labels) {
  return 16 + 7 * Math.max(3, ...(labels ?? []).map((label) => label.length));
}

/** A colour of the page, as a canvas takes it. */
function ink(host, name) {
  host.style.outlineColor = `var(${name})`;
  return getComputedStyle(host).outlineColor;
}

/** Each bar from its lower to its upper bound, with a gap where there is room for one. */
function paths(bars) {
  return (plot) => {
    const filled = new Path2D();
    const bottom = plot.valToPos(0, "y", true);
    for (const bar of bars) {
      const left = plot.valToPos(bar.from, "x", true);
      const width = Math.max(plot.valToPos(bar.to, "x", true) - left, 1);
      const top = plot.valToPos(bar.height, "y", true);
      filled.rect(left, top, width > 8 ? width - 1 : width, bottom - top);
    }
    return { stroke: null, fill: filled };
  };
}

function options(host, bars, how, moved) {
  const axis = ink(host, "--muted");
  const line = { stroke: ink(host, "--line"), width: 1 };
  const font = "12px system-ui, sans-serif";
  return {
    width: Math.max(host.clientWidth, 120),
    height: how.height ?? HEIGHT,
    padding: [8, 22, 0, how.countsShown ? 0 : 22],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, distr: how.logarithmic ? 3 : 1, range: () => [bars[0].from, bars.at(-1).to] },
      y: { range: () => [0, Math.max(...bars.map((bar) => bar.height)) * 1.06] },
    },
    axes: [
      { stroke: axis, font, grid: { show: false }, ticks: line, size: 30,
        incrs: () => [bars.at(-1).to - bars[0].from], filter: (_, splits) => splits, // of its own it finds none for large ranges
        splits: (plot) => ticks(bars[0].from, bars.at(-1).to, plot.width - SIDES, how.bound, how.logarithmic),
        values: (_, splits) => splits.map(how.bound) },
      { stroke: axis, font, grid: line, ticks: { show: false }, size: (_, labels) => (how.countsShown ? widest(labels) : 0),
        values: (_, splits) => splits.map((split) => (how.countsShown && Number.isInteger(split) ? grouped(split) : "")) },
    ],
    series: [{}, { paths: paths(bars), fill: ink(host, how.colour), width: 0, points: { show: false } }],
    hooks: { setCursor: [(plot) => moved(plot.cursor.left < 0 ? null : plot.posToVal(plot.cursor.left, "x"))] },
  };
}

/**
 * A plot of bars, lowest first, that do not overlap: {from, to, height}.
 *
 * `how` says: `title`, for those who do not see it; `colour`, of the page; `bound(x)` and `tell(bar)`, as text; `logarithmic`;
 * `countsShown`, whether heights are counts to be written at the axis; `height`.
 */
function barPlot(bars, how) {
  const canvas = el("div", { class: "canvas" });
  const told = el("p", { class: "reading", "aria-live": "polite" }, how.summary);
  const host = el("div", { class: "plot", tabindex: "0", role: "application", "aria-label": `${how.title}. ${how.summary} Arrow keys tell each bar.`,
    keydown: step }, canvas);
  let plot = null;
  let chosen = -1;

  function read(index) {
    chosen = index;
    told.textContent = index < 0 ? how.summary : how.tell(bars[index]);
  }

  function step(event) {
    const to = { ArrowRight: chosen + 1, ArrowLeft: chosen < 0 ? bars.length - 1 : chosen - 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined || plot === null) {
      return;
    }
    event.preventDefault();
    const index = Math.min(Math.max(to, 0), bars.length - 1);
    const middle = how.logarithmic ? Math.sqrt(bars[index].from * bars[index].to) : (bars[index].from + bars[index].to) / 2;
    plot.setCursor({ left: plot.valToPos(middle, "x"), top: 0 }, false);
    read(index);
  }

  function draw() {
    plot?.destroy();
    const middles = bars.map((bar) => (bar.from + bar.to) / 2);
    plot = new globalThis.uPlot(
      options(canvas, bars, how, (x) => read(x === null ? -1 : bars.findIndex((bar) => x >= bar.from && x < bar.to))),
      [middles, bars.map((bar) => bar.height)], canvas);
  }

  keepDrawn(host, canvas, draw, (width) => plot?.setSize({ width, height: how.height ?? HEIGHT }));
  return el("div", { class: "plotted" }, host, told);
}

/** Draws once there is room, again in other colours, and wider or narrower with the page; ends with the plot. */
function keepDrawn(host, canvas, draw, resize) {
  let drawn = 0;
  const sizes = new ResizeObserver(() => {
    const width = Math.floor(canvas.clientWidth);
    if (!host.isConnected) {
      sizes.disconnect();
      document.removeEventListener(THEME_CHANGED, redraw);
    } else if (width > 0 && drawn === 0) {
      drawn = width;
      draw();
    } else if (width > 0 && width !== drawn) {
      drawn = width;
      resize(width);
    }
  });
  function redraw() {
    if (drawn > 0 && host.isConnected) {
      draw();
    }
  }
  sizes.observe(canvas);
  document.addEventListener(THEME_CHANGED, redraw);
}

/** The histogram of the numbers of a field. */
export function histogramPlot(numbers, whole, logarithmic) {
  const bars = histogramBars(numbers, whole, logarithmic);
  const widths = bars.map((bar) => bar.to - bar.from);
  const even = !logarithmic && Math.max(...widths) - Math.min(...widths) < 1e-9 * Math.max(...widths);
  if (even) {
    bars.forEach((bar) => (bar.height = number(bar.count)));
  }
  return barPlot(bars, {
    title: "Histogram",
    colour: "--accent",
    logarithmic,
    countsShown: even,
    bound: decimal,
    summary: even ? `${count(bars.length, "bar")}.` : `${count(bars.length, "bar")}; the area of each is how many values are in it.`,
    tell: (bar) => `${bar.value === null ? `${decimal(bar.lower)} to ${decimal(bar.upper)}` : decimal(bar.value)}: `
      + `${count(bar.count, "value")} (${percent(bar.count, numbers.count)})`,
  });
}

/** Where in the stream the invalid records begin. */
export function streamPlot({ bucketBytes, invalid, length }) {
  const all = invalid.reduce((sum, some) => sum + some, 0);
  const bars = invalid.map((height, index) => ({ from: index * bucketBytes, to: Math.min((index + 1) * bucketBytes, length), height }));
  return barPlot(bars, {
    title: "Invalid records over the stream",
    colour: "--fail",
    height: STREAM_HEIGHT,
    countsShown: true,
    bound: bytes,
    summary: `From the first byte to the last, in pieces of ${bytes(bucketBytes)}.`,
    tell: (bar) => `Byte ${grouped(bar.from)} to ${grouped(bar.to)}: ${count(bar.height, "invalid record")} (${percent(bar.height, all)} of them)`,
  });
}
