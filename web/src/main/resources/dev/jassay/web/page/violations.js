// What is wrong, from the large to the small: groups by kind and place, and below each the records that were told as samples.

import { button, el, meter } from "./dom.js";
import { count, grouped, number, percent } from "./numbers.js";
import { assign, errorLine, place } from "./samples.js";
import { codeMeaning, codeName } from "./terms.js";
import { code, excerpt, path, value } from "./text.js";

// Few at first, so that what comes below is near; many once somebody asks.
const GROUPS_AT_ONCE = [12, 100];
const SAMPLES_AT_ONCE = [3, 20];
const DEFAULT_PREVIEW_BYTES = 256;

/** Adds the first so many of a list, and a button for the next, of which there are more at once. */
function inPages(host, list, [atFirst, later], noun, make) {
  let shown = 0;
  function more() {
    const page = list.slice(shown, shown + (shown === 0 ? atFirst : later)).map(make);
    shown += page.length;
    next?.remove();
    host.append(...page);
    if (shown < list.length) {
      host.append(next);
      next.textContent = `Show ${grouped(Math.min(later, list.length - shown))} more of ${grouped(list.length)} ${noun}s`;
    }
    return page;
  }
  const next = list.length > atFirst
    ? button("", () => more()[0].querySelector("button, [tabindex]")?.focus(), { class: "more" })
    : null;
  more();
}

function sampleItem(sample, maxPreviewBytes) {
  const line = sample.preview ? errorLine(sample, maxPreviewBytes) : null;
  const where = [
    line === null || line === number(sample.line) ? `Line ${grouped(sample.line)}` : `Line ${grouped(line)}, of a record from line ${grouped(sample.line)}`,
    `byte ${grouped(sample.errorOffset)}`, `record ${grouped(sample.recordIndex)}`,
  ].join(" · ");
  return el("li", { class: "sample", tabindex: "-1" },
    el("p", { class: "where" }, where,
      sample.instancePointer ? [" · ", code(sample.instancePointer)] : null,
      sample.source ? [" · ", value(sample.source)] : null),
    el("p", { class: "message" }, sample.keyword ? [code(sample.keyword), ": "] : null, value(sample.message ?? "", 1200)),
    sample.preview ? excerpt(sample.preview, place(sample, maxPreviewBytes)) : null,
    sample.preview && sample.previewTruncated
      ? el("p", { class: "note" }, `A part of the record, which has ${count(sample.byteLength, "byte")}.`)
      : null);
}

function sampleList(samples, all, maxPreviewBytes) {
  const list = el("ol", { class: "samples" });
  inPages(list, samples, SAMPLES_AT_ONCE, "sample", (sample) => sampleItem(sample, maxPreviewBytes));
  const missing = all - samples.length;
  return [list, missing > 0
    ? el("p", { class: "note" }, `${samples.length === 0 ? "None" : grouped(samples.length)} of ${grouped(all)} told as `
      + "samples. The command line can ask for more: --max-per-group, --max-violations.")
    : null];
}

/** One group: a button with its figures, which opens its samples. They are made when they are first looked at. */
function groupItem(group, samples, largest, maxPreviewBytes) {
  const body = el("div", { class: "group-body", hidden: true });
  const head = el("button", { type: "button", class: "group-head", "aria-expanded": "false", click: toggle },
    el("span", { class: "group-count" }, grouped(group.count)),
    meter([{ share: number(group.count) / largest, className: "fill-fail" }], "group-share"),
    el("span", { class: "group-kind" }, el("b", {}, codeName(group.code)), group.keyword ? [" ", code(group.keyword, 40)] : null),
    el("span", { class: "group-path" }, path(group.path ?? "", 100)));
  function toggle() {
    const open = head.getAttribute("aria-expanded") !== "true";
    head.setAttribute("aria-expanded", String(open));
    body.hidden = !open;
    if (open && body.childElementCount === 0) {
      body.append(
        el("p", { class: "note" }, `The record ${codeMeaning(group.code)}. First in record ${grouped(group.firstRecord)}.`,
          group.schemaPointer ? [" In the schema at ", code(group.schemaPointer), "."] : null),
        ...sampleList(samples, number(group.count), maxPreviewBytes).filter(Boolean));
    }
  }
  return { item: el("li", { class: "group" }, head, body), open: toggle };
}

/** The section of violations; null where there are none. */
export function violationsSection(result) {
  const groups = result.groups ?? [];
  const samples = result.violations ?? [];
  if (groups.length === 0 && samples.length === 0) {
    return null;
  }
  const maxPreviewBytes = number(result.provenance?.limits?.maxPreviewBytes) || DEFAULT_PREVIEW_BYTES;
  const { assigned, others } = assign(groups, samples);
  const largest = groups.reduce((most, group) => Math.max(most, number(group.count)), 1);
  const list = el("ul", { class: "groups" });
  let first = true;
  inPages(list, groups, GROUPS_AT_ONCE, "group", (group) => {
    const { item, open } = groupItem(group, assigned.get(group), largest, maxPreviewBytes);
    if (first) {
      open();
      first = false;
    }
    return item;
  });
  const total = number(result.counts?.violations);
  return el("section", { "aria-labelledby": "violations-title" },
    el("h2", { id: "violations-title" }, "What is wrong"),
    el("p", { class: "lead" }, `${count(result.counts?.violations, "violation")} in ${count(groups.length, "group")} by kind and place`
      + `${samples.length < total ? `; ${grouped(samples.length)} told as samples (${percent(samples.length, total)})` : ""}.`),
    list,
    others.length > 0
      ? [el("h3", {}, "Samples of places that are counted together"), ...sampleList(others, others.length, maxPreviewBytes).filter(Boolean)]
      : null);
}
