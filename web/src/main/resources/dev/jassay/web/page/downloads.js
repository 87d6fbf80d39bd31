// Takes a result away: as the JSON that it is, and as one file that shows it without a server.

import { grouped } from "./numbers.js";

// Where the report's template wants the JSON. In two pieces, so that the mark is in the template once.
const MARK = "__JASSAY_" + "RESULT__";

/** JSON that can stand in a script element: no value can end it, and none has a line end that JavaScript knows and JSON does not. */
export function embeddable(result) {
  return JSON.stringify(result).replace(/[<\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A name for a file about the source of a result. */
function fileName(result, ending) {
  const base = (result.source || "result").split(/[\\/]/).pop().replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "result";
  return `${base}.${ending}`;
}

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

export function saveJson(result) {
  save(fileName(result, "jassay.json"), "application/json", `${JSON.stringify(result, null, 2)}\n`);
}

/** Fills the template that the command line fills too. Throws where the server has none. */
export async function saveReport(result) {
  const answer = await fetch("report.html");
  const [before, after, ...more] = answer.ok ? (await answer.text()).split(MARK) : [];
  if (after === undefined || more.length > 0) {
    throw new Error(`the template of reports is not to be had (${grouped(answer.status)})`);
  }
  save(fileName(result, "jassay.html"), "text/html", before + embeddable(result) + after);
}
