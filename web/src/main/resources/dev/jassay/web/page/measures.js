// What a field's profile says in one line: for the cells of the table and the order of its rows.

import { decimal, exact, grouped, number, percent } from "./numbers.js";
import { TYPES } from "./terms.js";
import { cut } from "./text.js";

/** Objects that have the field, as a share of those that could. */
export function completeness(field) {
  const all = number(field.present) + number(field.missing);
  return all === 0 ? 0 : number(field.present) / all;
}

export function completenessText(field) {
  return percent(field.present, number(field.present) + number(field.missing));
}

/** The types that were seen, each with its count and share of the values. */
export function typeMix(field) {
  const seen = TYPES.map((type) => ({ ...type, count: field.types?.[type.key] })).filter((type) => number(type.count) > 0);
  const all = seen.reduce((sum, type) => sum + number(type.count), 0);
  return seen.map((type) => ({ ...type, share: number(type.count) / all }));
}

export function valueCount(field) {
  return TYPES.reduce((sum, type) => sum + number(field.types?.[type.key]), 0);
}

export function distinctText(field) {
  return field.distinct ? (field.distinct.exact ? "" : "~") + grouped(field.distinct.value) : "";
}

/** Omitted values are empty, though the strings are not. */
export function areStringsTold(strings) {
  return strings !== undefined && !((strings.max ?? "") === "" && number(strings.maxLength) > 0);
}

/** From the least to the greatest, of whatever the field has. */
export function rangeText(field) {
  const { numbers, strings, arrays } = field;
  const ranges = [];
  if (numbers) {
    ranges.push(between(shortNumber(numbers.min), shortNumber(numbers.max)));
  }
  if (areStringsTold(strings)) {
    ranges.push(between(shortText(strings.min ?? ""), shortText(strings.max ?? "")));
  } else if (strings) {
    ranges.push(`${between(grouped(strings.minLength), grouped(strings.maxLength))} characters`);
  }
  if (arrays) {
    ranges.push(`${between(grouped(arrays.minLength), grouped(arrays.maxLength))} items`);
  }
  return ranges.join(", ");
}

/** A short number as it stands, a long one rounded. */
function shortNumber(text) {
  return text.length <= 14 ? exact(text) : decimal(text);
}

/** In quotes; one that is cut shows that. */
function shortText(text) {
  const kept = cut(text, 14);
  return JSON.stringify(kept.length < text.length ? `${kept}…` : kept);
}

function between(least, greatest) {
  return least === greatest ? least : `${least} – ${greatest}`;
}

/** Numbers by the least, then strings by the least, then arrays by length, then all else. */
export function rangeKey(field) {
  const { numbers, strings, arrays } = field;
  return numbers ? [3, Number(numbers.min)] : strings ? [2, strings.min ?? ""] : arrays ? [1, number(arrays.minLength)] : [0, 0];
}

/** How many of the values are the most frequent one. */
export function topShare(field) {
  const top = field.topValues?.[0];
  return top ? number(top.count) / valueCount(field) : -1;
}

export function topShareText(top, field) {
  return (top.exact ? "" : "~") + percent(top.count, valueCount(field));
}

/** The figures of a field's numbers that are told one by one. */
export function meanText(numbers) {
  return numbers.mean === undefined ? "" : decimal(numbers.mean);
}
