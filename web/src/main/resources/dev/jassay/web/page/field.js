// All that is known of one field.

import { button, definitions, el, meter } from "./dom.js";
import { canBeLogarithmic, isSkewed } from "./histogram.js";
import { areStringsTold, completeness, completenessText, distinctText, meanText, topShareText, typeMix, valueCount } from "./measures.js";
import { count, decimal, exact, grouped, number, percent } from "./numbers.js";
import { histogramPlot } from "./plots.js";
import { code, path, value } from "./text.js";

function heading(field) {
  const parts = [{ share: completeness(field), className: "fill" }];
  return [
    el("h3", { class: "detail-path" }, path(field.path ?? "", 1024)),
    el("p", { class: "completeness" }, meter(parts, "wide"), `${completenessText(field)} present: ${grouped(field.present)}`,
      number(field.missing) === 0 ? null : `, missing in ${grouped(field.missing)}`),
    field.collapsed ? el("p", { class: "note" }, "Stands for all keys of an object that had too many different ones.") : null,
  ];
}

function typeTable(field) {
  const mix = typeMix(field);
  return el("table", { class: "figures" },
    el("thead", {}, el("tr", {}, ["Type", "Values", "Share", "First in record"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, mix.map((type) => el("tr", {},
      el("th", { scope: "row" }, el("span", { class: `swatch ${type.className}`, "aria-hidden": "true" }), type.name),
      el("td", {}, grouped(type.count)),
      el("td", {}, percent(type.count, valueCount(field))),
      el("td", {}, field.firstSeen?.[type.key] === undefined ? "" : grouped(field.firstSeen[type.key]))))));
}

/** The histogram, and where both make sense a choice of its line. */
function histogram(numbers, whole) {
  if (!(numbers.histogram?.length > 0)) {
    return null;
  }
  const host = el("div", {});
  const draw = (logarithmic) => host.replaceChildren(histogramPlot(numbers, whole, logarithmic));
  let logarithmic = isSkewed(numbers.histogram);
  const name = () => (logarithmic ? "Logarithmic scale" : "Linear scale");
  const control = canBeLogarithmic(numbers.histogram)
    ? button(name(), () => {
      logarithmic = !logarithmic;
      control.textContent = name();
      draw(logarithmic);
    }, { class: "small", title: "Change between a linear and a logarithmic scale" })
    : null;
  draw(logarithmic);
  return [el("div", { class: "row-of" }, el("h4", {}, "Histogram"), control), host];
}

function beyond(field, what) {
  return number(field) === 0 ? null : `${grouped(field)} ${what}`;
}

function numberParts(numbers, whole) {
  return [
    histogram(numbers, whole),
    el("h4", {}, "Numbers"),
    definitions([
      ["Least", code(exact(numbers.min), 60)],
      ["Greatest", code(exact(numbers.max), 60)],
      ["Mean", meanText(numbers)],
      ["Standard deviation", numbers.stddev === undefined ? null : decimal(numbers.stddev)],
      ["Sum", decimal(numbers.sum)],
      ["Zeros", beyond(numbers.zeros, "")],
      ["Negative", beyond(numbers.negatives, "")],
      ["Beyond 2⁵³ − 1", beyond(numbers.beyondSafeInteger, "whole numbers that doubles may round")],
      ["Beyond int64", beyond(numbers.beyondInt64, "whole numbers")],
      ["Beyond uint64", beyond(numbers.beyondUint64, "whole numbers")],
      ["Beyond doubles", beyond(numbers.beyondDouble, "numbers")],
    ]),
    quantiles(numbers),
  ];
}

function quantiles(numbers) {
  const told = numbers.quantiles ?? [];
  if (told.length === 0) {
    return null;
  }
  const note = number(numbers.relativeError) > 0 ? `Within ${decimal(100 * numbers.relativeError)} % of the value.` : null;
  return [
    el("h4", {}, "Quantiles"),
    definitions(told.map(({ q, value: bound }) => [q === 0.5 ? "Median" : `${decimal(100 * number(q))} %`, decimal(bound)])),
    note ? el("p", { class: "note" }, note) : null,
  ];
}

function between(least, greatest, mean, unit) {
  return `${grouped(least)} to ${grouped(greatest)} ${unit}, mean ${decimal(mean)}`;
}

function stringParts(strings) {
  const formats = (strings.formats ?? []).map((format) => `${format.name} ${percent(format.count, strings.count)}`).join(", ");
  const told = areStringsTold(strings);
  return [
    el("h4", {}, "Strings"),
    definitions([
      ["Length", between(strings.minLength, strings.maxLength, strings.meanLength, "characters")],
      ["First in order", told ? value(strings.min ?? "") : "not told"],
      ["Last in order", told ? value(strings.max ?? "") : "not told"],
      ["Formats", formats],
      ["Empty", beyond(strings.empty, "")],
      ["With U+0000", beyond(strings.escapedNul, "")],
    ]),
  ];
}

function arrayParts(arrays) {
  return [el("h4", {}, "Arrays"), definitions([["Length", between(arrays.minLength, arrays.maxLength, arrays.meanLength, "items")]])];
}

function topValues(field) {
  const told = field.topValues ?? [];
  if (told.length === 0) {
    return null;
  }
  const most = number(told[0].count);
  return [
    el("h4", {}, "Frequent values"),
    el("ol", { class: "top-values" }, told.map((top) => el("li", {},
      code(top.valueJson ?? "", 120),
      meter([{ share: number(top.count) / most, className: "fill" }], "wide"),
      el("span", { class: "figure" }, `${top.exact ? "" : "~"}${grouped(top.count)} · ${topShareText(top, field)}`)))),
    told.every((top) => top.exact) ? null : el("p", { class: "note" }, "Counts with ~ are estimated from a sample."),
  ];
}

/** The panel of a field. It can take the focus, for who comes from the table by the keyboard. */
export function fieldDetail(field) {
  const whole = number(field.types?.fractionValue) === 0;
  const booleans = field.booleansTrue === undefined ? null : `${percent(field.booleansTrue, field.types?.booleanValue)} true`;
  return el("article", { class: "detail", tabindex: "-1" },
    heading(field),
    typeTable(field),
    definitions([
      ["Different values", distinctText(field) === "" ? null : distinctText(field)
        + (field.distinct.exact ? "" : ` (standard error ${decimal(100 * number(field.distinct.relativeError))} %)`)],
      ["Booleans", booleans],
    ]),
    field.numbers ? numberParts(field.numbers, whole).flat() : null,
    field.strings ? stringParts(field.strings) : null,
    field.arrays ? arrayParts(field.arrays) : null,
    topValues(field));
}
