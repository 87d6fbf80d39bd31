// Shows text of unknown origin honestly: cut to what can be read, apart from its neighbours whatever its direction, and with all that
// would be invisible, or would change the order of what stands around it, written as an escape that cannot be taken for text.

import { el } from "./dom.js";
import { grouped } from "./numbers.js";

/** What of a value is shown; the rest is a click away in the downloads. */
export const LONGEST = 400;

/** What of a record is shown on either side of its error. */
const LONGEST_EXCERPT = 1000;

// Control characters, format characters (the bidirectional ones among them), half surrogate pairs, line and paragraph separators.
const HIDDEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])/u;

/** A character as it is escaped in JSON, or `\u{e0041}` beyond its first 65,536. */
function escaped(character) {
  const code = character.codePointAt(0);
  const hexadecimal = code.toString(16).padStart(4, "0");
  return code > 0xffff ? `\\u{${hexadecimal}}` : `\\u${hexadecimal}`;
}

/** The first characters of a text, never half of one. */
export function cut(text, longest) {
  if (text.length <= longest) {
    return text;
  }
  const half = /[\ud800-\udbff]/.test(text[longest - 1]);
  return text.slice(0, half ? longest - 1 : longest);
}

/** The nodes of a text, all of it; where lines stay lines, each still shows its end. */
function visible(text, inLines = false) {
  return text.split(HIDDEN).flatMap((piece, index) => {
    if (index % 2 === 0) {
      return piece;
    }
    const mark = el("span", { class: "escape" }, escaped(piece));
    return inLines && piece === "\n" ? [mark, "\n"] : mark;
  });
}

/** A value, in the direction of its own first letter. */
export function value(text, longest = LONGEST) {
  return shown(text, longest, "auto");
}

/** A path or a piece of JSON: from left to right, whatever letters are in it. */
export function code(text, longest = LONGEST) {
  return shown(text, longest, "ltr");
}

function shown(text, longest, direction) {
  const kept = cut(text, longest);
  const rest = kept.length < text.length ? el("span", { class: "rest" }, `… ${grouped(text.length)} characters`) : null;
  return el("span", { class: direction === "ltr" ? "data code" : "data", dir: direction }, visible(kept), rest);
}

/** The path of a field or group; that of the records themselves is empty. */
export function path(text, longest = LONGEST) {
  return text === "" ? el("span", { class: "record" }, "(the record)") : code(text, longest);
}

/** The last characters of a text, never half of one. */
function lastOf(text, longest) {
  const start = Math.max(text.length - longest, 0);
  return text.slice(start > 0 && /[\udc00-\udfff]/.test(text[start]) ? start + 1 : start);
}

/** A piece of a record, with a mark at the index where its error is, if that is known. Of a long one, what is around the mark. */
export function excerpt(text, place) {
  const at = place ?? 0;
  const end = place === null || at >= text.length ? at : at + (text.codePointAt(at) > 0xffff ? 2 : 1);
  const before = lastOf(text.slice(0, at), LONGEST_EXCERPT);
  const after = cut(text.slice(end), LONGEST_EXCERPT);
  const leftOut = (some) => (some ? el("span", { class: "rest" }, "…") : null);
  const mark = place === null ? null
    : at < text.length ? el("mark", {}, visible(text.slice(at, end), true)) : el("mark", { class: "end" }, "end");
  return el("pre", { class: "excerpt", dir: "ltr" },
    leftOut(before.length < at), visible(before, true), mark, visible(after, true), leftOut(after.length < text.length - end));
}
