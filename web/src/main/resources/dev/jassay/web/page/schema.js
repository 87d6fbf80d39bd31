// The JSON Schema of what was seen, to be looked at and taken along.

import { button, el } from "./dom.js";
import { count } from "./numbers.js";
import { cut, code } from "./text.js";

const LONGEST_SHOWN = 100000;

/** In lines, with every number as it stands; as it is where that cannot be done. */
function laidOut(text) {
  try {
    return JSON.stringify(JSON.parse(text, (_, part, { source }) => (typeof part === "number" ? JSON.rawJSON(source) : part)), null, 2);
  } catch {
    return text;
  }
}

/** Lines stay lines; all else that cannot be seen is escaped. */
function lines(text) {
  return text.split("\n").map((line) => el("span", { class: "line" }, code(line, line.length), "\n"));
}

/** Without the right to the clipboard, the text is selected, to be copied by hand. */
async function copy(text, shown, status) {
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(shown);
    status.textContent = "Selected: copy it with the keyboard.";
  }
}

/** The section of the inferred schema; null where none was asked for. */
export function schemaSection(result) {
  if (!result.inferredSchemaJson) {
    return null;
  }
  const text = laidOut(result.inferredSchemaJson);
  const kept = cut(text, LONGEST_SHOWN);
  const shown = el("pre", { class: "schema", tabindex: "0", dir: "ltr", "aria-label": "Inferred schema" });
  const status = el("span", { class: "note", "aria-live": "polite" });
  const details = el("details", { toggle: () => shown.childElementCount === 0 && shown.append(...lines(kept)) },
    el("summary", {}, `JSON Schema of ${count(text.split("\n").length, "line")}`),
    shown,
    kept.length < text.length ? el("p", { class: "note" }, `Its first ${count(LONGEST_SHOWN, "character")}; copying takes all.`) : null);
  return el("section", { "aria-labelledby": "schema-title" },
    el("div", { class: "row-of" },
      el("h2", { id: "schema-title" }, "A schema of what was seen"),
      button("Copy schema", () => copy(text, shown, status), { class: "small" }), status),
    details);
}
