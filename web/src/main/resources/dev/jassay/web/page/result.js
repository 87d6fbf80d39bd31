// A result, from the verdict down: what a reader needs first stands first.

import { button, definitions, el, meter } from "./dom.js";
import { saveJson } from "./downloads.js";
import { fieldsSection } from "./fields.js";
import { bytes, count, duration, exact, grouped, number, percent } from "./numbers.js";
import { streamPlot } from "./plots.js";
import { schemaSection } from "./schema.js";
import { ending, formatName } from "./terms.js";
import { code, cut, value } from "./text.js";
import { violationsSection } from "./violations.js";

// Many more than a result has.
const MOST_BUCKETS = 4096;
const VERDICTS = ["VERDICT_PASS", "VERDICT_FAIL"];

/** Whether something is a result, as far as this page has to know. */
export function isResult(thing) {
  return typeof thing === "object" && thing !== null && VERDICTS.includes(thing.verdict)
    && typeof thing.counts === "object" && thing.counts !== null;
}

/** The result in a JSON text, which may have the names of the proto file; null where there is none. */
export function readResult(text) {
  let thing = null;
  try {
    thing = JSON.parse(text);
  } catch {
    // told by who asked
  }
  if (!isResult(thing)) {
    return null;
  }
  const { counts, timing, provenance, violations, fields } = thing;
  const some = [thing, counts, timing, provenance, violations?.[0], fields?.[0]];
  return some.some((part) => Object.keys(part ?? {}).some((name) => name.includes("_"))) ? withJsonNames(thing) : thing;
}

function withJsonNames(part) {
  if (Array.isArray(part)) {
    return part.map(withJsonNames);
  }
  if (typeof part !== "object" || part === null) {
    return part;
  }
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [
    name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase()),
    name === "labels" ? inner : withJsonNames(inner), // these have the names that users gave them
  ]));
}

/**
 * Where in the stream the invalid records lie: how many begin in each so many bytes, up to its end. Null where the result does not tell.
 */
export function overStream(result) {
  const told = result.invalidOverStream ?? {};
  const bucketBytes = number(told.bucketBytes);
  const invalid = (told.counts ?? []).map(number);
  if (!(bucketBytes > 0) || !invalid.some((some) => some > 0)) {
    return null;
  }
  const buckets = Math.min(Math.ceil(number(result.counts.bytes) / bucketBytes), MOST_BUCKETS);
  const all = [...invalid, ...Array(Math.max(buckets - invalid.length, 0)).fill(0)];
  const known = number(result.counts.bytes) > (all.length - 1) * bucketBytes;
  return { bucketBytes, invalid: all, length: known ? number(result.counts.bytes) : all.length * bucketBytes };
}

function isComplete(result) {
  return result.termination === "TERMINATION_COMPLETE";
}

/** The verdict in one sentence. */
export function summary(result) {
  const { counts } = result;
  if (number(counts.records) === 0) {
    return "There are no records.";
  }
  if (number(counts.invalid) === 0 && !isComplete(result)) {
    return `Judging stopped at byte ${grouped(result.stoppedAt)}; ${count(counts.records, "valid record")} before that.`;
  }
  if (number(counts.invalid) === 0) {
    return number(counts.records) === 1 ? "The one record is valid." : `All ${grouped(counts.records)} records are valid.`;
  }
  return `${grouped(counts.invalid)} of ${count(counts.records, "record")} ${number(counts.invalid) === 1 ? "is" : "are"} invalid `
    + `(${percent(counts.invalid, counts.records)}).`;
}

/** Whether it is likely that somebody took the wrong file. */
function isNothingJson({ counts, groups = [] }) {
  return number(counts.records) > 0 && number(counts.malformed) === number(counts.records) && groups.every((group) => !group.path);
}

function verdictSection(result, name, actions) {
  const passed = result.verdict === "VERDICT_PASS";
  const stopped = result.stoppedAt === undefined || isComplete(result) ? "" : ` Judging stopped at byte ${grouped(result.stoppedAt)}.`;
  return el("section", { class: `verdict ${passed ? "pass" : "fail"}`, "aria-labelledby": "verdict-title" },
    el("div", {},
      name ? el("p", { class: "source" }, value(name)) : null,
      el("h1", { id: "verdict-title", tabindex: "-1" }, el("span", { class: "stamp" }, passed ? "PASS" : "FAIL"), " ", summary(result)),
      el("p", { class: "ending" }, ending(result.termination) + stopped),
      isComplete(result) || result.format !== "FORMAT_ARRAY" || result.termination !== "TERMINATION_UNRECOVERABLE_SYNTAX" ? null
        : el("p", { class: "note" }, "If each line is an array of its own, declare the format: NDJSON."),
      isNothingJson(result) ? el("p", { class: "note" }, "Not one record is JSON: is it the right file?") : null,
      (result.warnings ?? []).map((warning) => el("p", { class: "warning" }, "Warning: ", value(warning.text ?? "", 1200)))),
    el("div", { class: "actions" }, actions));
}

function figure(name, amount, className) {
  return el("div", { class: `count ${className ?? ""}` }, el("dt", {}, name), el("dd", {}, amount));
}

function countsSection(result) {
  const { counts } = result;
  const [valid, invalid] = [number(counts.valid), number(counts.invalid)];
  const all = Math.max(valid + invalid, 1);
  const kinds = [["Malformed", counts.malformed], ["Too long", counts.oversize], ["By the schema", counts.schemaInvalid]]
    .filter(([, amount]) => number(amount) > 0);
  return el("section", { "aria-label": "Counts" },
    meter([{ share: valid / all, className: "fill-pass" }, { share: invalid > 0 ? Math.max(invalid / all, 0.004) : 0, className: "fill-fail" }], "whole"),
    el("dl", { class: "counts" },
      figure("Records", grouped(counts.records)),
      figure("Valid", grouped(counts.valid), "is-pass"),
      figure("Invalid", grouped(counts.invalid), invalid > 0 ? "is-fail" : ""),
      kinds.map(([name, amount]) => figure(name, grouped(amount), "minor")),
      figure("Violations", grouped(counts.violations)),
      number(counts.blankLines) > 0 ? figure("Blank lines", grouped(counts.blankLines)) : null,
      figure("Judged", bytes(counts.bytes))),
    el("p", { class: "note" }, formatName(result.format, result.compression),
      number(result.timing?.wallNanos) > 0
        ? `; ${duration(result.timing.wallNanos)}, ${bytes(result.timing.bytesPerSecond)}/s, ${count(result.timing.threads, "thread")}`
        : null, "."));
}

function streamSection(result) {
  const over = overStream(result);
  return over === null ? null : el("section", { "aria-labelledby": "stream-title" },
    el("h2", { id: "stream-title" }, "Where the invalid records are"), streamPlot(over));
}

function provenanceSection(result) {
  const { provenance = {}, labels = {} } = result;
  const limits = provenance.limits ?? {};
  return el("section", {}, el("details", { class: "provenance" },
    el("summary", {}, "How it was judged"),
    definitions([
      ["Engine", provenance.engineVersion ? `${provenance.engineVersion}, ${provenance.kernel}` : null],
      ["Schema, SHA-256", provenance.schemaSha256 ? code(provenance.schemaSha256) : null],
      ...Object.entries(labels).map(([name, label]) => [value(name), value(String(label))]),
      ...Object.entries(limits).filter(([, limit]) => limit !== "").map(([name, limit]) => [code(name), code(exact(String(limit)))]),
    ])));
}

/**
 * Shows a result in place of what was there, under a name. Its actions are those of whoever shows it, beside the download that always
 * works.
 */
export function showResult(host, result, actions, name = result.source) {
  const own = button("Download JSON", () => saveJson(result));
  host.replaceChildren(...[
    verdictSection(result, name, [own, ...actions]),
    countsSection(result),
    streamSection(result),
    violationsSection(result),
    fieldsSection(result),
    schemaSection(result),
    provenanceSection(result),
  ].filter((section) => section !== null));
  document.title = `${result.verdict === "VERDICT_PASS" ? "PASS" : "FAIL"}${name ? ` ${cut(name, 80)}` : ""} – Jassay`;
}
