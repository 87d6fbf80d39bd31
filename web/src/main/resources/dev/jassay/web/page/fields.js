// The table of fields: as many as a result can have, so only the rows that can be seen are there. Rows are of one height, which tells
// where each one stands.

import { el, meter } from "./dom.js";
import { fieldDetail } from "./field.js";
import {
  completeness, completenessText, distinctText, rangeKey, rangeText, topShare, topShareText, typeMix,
} from "./measures.js";
import { count, grouped, number } from "./numbers.js";
import { TYPES } from "./terms.js";
import { code, path } from "./text.js";

const ROW_HEIGHT = 36;
const ROWS_BEYOND = 6;
const MOST_ROWS_SEEN = 18;

/** Name, order and cell of each column; `falling` where the large comes first. */
const COLUMNS = [
  { name: "Path", key: (field) => field.path ?? "", cell: (field) => path(field.path ?? "", 120) },
  { name: "Present", key: completeness, cell: (field) => [
    meter([{ share: completeness(field), className: "fill" }]), el("span", { class: "figure" }, completenessText(field))] },
  { name: "Types", key: typesKey, cell: typesCell },
  { name: "Distinct", falling: true, className: "number", key: (field) => number(field.distinct?.value), cell: distinctText },
  { name: "Range", key: rangeKey, falling: true, cell: (field) => code(rangeText(field), 90) },
  { name: "Top value", falling: true, key: topShare, cell: topCell },
];

/** By the number of types, those of one by its name. */
function typesKey(field) {
  const mix = typeMix(field);
  return [mix.length, mix.map((type) => type.name).join()];
}

function typesCell(field) {
  const mix = typeMix(field);
  return [meter(mix), el("span", { class: "figure" }, mix.length > 2 ? `${mix.length} types` : mix.map((type) => type.name).join(", "))];
}

function topCell(field) {
  const top = field.topValues?.[0];
  return top ? [el("span", { class: "figure share" }, topShareText(top, field)), code(top.valueJson ?? "", 60)] : "";
}

function compare(one, other) {
  if (Array.isArray(one)) {
    return one.reduce((order, part, index) => order || compare(part, other[index]), 0);
  }
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The colours of types that occur. */
function legend(fields) {
  const seen = TYPES.filter((type) => fields.some((field) => number(field.types?.[type.key]) > 0));
  return el("ul", { class: "legend", "aria-label": "Colours of types" },
    seen.map((type) => el("li", {}, el("span", { class: `swatch ${type.className}`, "aria-hidden": "true" }), type.name)));
}

/** A table whose chosen field is told through `choose`. It chooses the first one that has something to draw. */
function fieldTable(fields, choose) {
  const keys = new Map();
  let rows = fields;
  let order = { column: null, falling: false };
  let needle = "";
  let chosen = null;

  const matches = el("p", { class: "note", "aria-live": "polite" });
  const search = el("input", { type: "search", placeholder: "Search paths", "aria-label": "Search paths", spellcheck: "false",
    input: () => { needle = search.value.toLowerCase(); arrange(); } });
  const heads = COLUMNS.map((column) => el("button", { type: "button", click: () => sort(column) }, column.name));
  const header = el("div", { role: "row", class: "table-head", "aria-rowindex": "1" },
    heads.map((head, index) => el("span", { role: "columnheader", class: COLUMNS[index].className, "aria-sort": "none" }, head)));
  const sheet = el("div", { class: "sheet", role: "presentation" });
  const view = el("div", { class: "rows", role: "rowgroup", tabindex: "-1", scroll: paint }, sheet);
  const grid = el("div", { class: "table", role: "grid", tabindex: "0", "aria-label": "Fields: arrow keys choose one", keydown: move },
    header, view);

  /** Sorting by a column is measured once for each. */
  function keyed(column) {
    if (!keys.has(column)) {
      keys.set(column, new Map(fields.map((field) => [field, column.key(field)])));
    }
    return keys.get(column);
  }

  function sort(column) {
    order = order.column === column
      ? { column, falling: !order.falling }
      : { column, falling: column.falling === true };
    heads.forEach((head, index) => head.parentElement.setAttribute("aria-sort",
      COLUMNS[index] === column ? (order.falling ? "descending" : "ascending") : "none"));
    arrange();
  }

  function arrange() {
    rows = needle === "" ? [...fields] : fields.filter((field) => (field.path ?? "").toLowerCase().includes(needle));
    if (order.column) {
      const key = keyed(order.column);
      const sign = order.falling ? -1 : 1;
      rows.sort((one, other) => sign * compare(key.get(one), key.get(other)));
    }
    matches.textContent = needle === "" ? count(fields.length, "field") : `${grouped(rows.length)} of ${count(fields.length, "field")}`;
    grid.setAttribute("aria-rowcount", rows.length + 1);
    sheet.style.height = `${rows.length * ROW_HEIGHT}px`;
    view.style.height = `${Math.min(Math.max(rows.length, 1), MOST_ROWS_SEEN) * ROW_HEIGHT + 1}px`;
    view.scrollTop = 0;
    paint();
  }

  function paint() {
    const first = Math.max(Math.floor(view.scrollTop / ROW_HEIGHT) - ROWS_BEYOND, 0);
    const shown = rows.slice(first, first + MOST_ROWS_SEEN + 2 * ROWS_BEYOND);
    sheet.replaceChildren(...shown.map((field, index) => row(field, first + index)));
    const current = sheet.querySelector("[aria-selected=true]");
    grid.setAttribute("aria-activedescendant", current?.id ?? "");
  }

  function row(field, index) {
    const made = el("div", { role: "row", class: "row", id: `field-row-${index}`, "aria-rowindex": index + 2,
      "aria-selected": String(field === chosen), click: () => point(index) },
      COLUMNS.map((column) => el("span", { role: "gridcell", class: column.className }, column.cell(field))));
    made.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    return made;
  }

  function select(index) {
    chosen = rows[index];
    const top = index * ROW_HEIGHT;
    if (top < view.scrollTop) {
      view.scrollTop = top;
    } else if (top + ROW_HEIGHT > view.scrollTop + view.clientHeight) {
      view.scrollTop = top + ROW_HEIGHT - view.clientHeight;
    }
    paint();
    choose(chosen);
  }

  function point(index) {
    select(index);
    grid.focus({ preventScroll: true });
  }

  function move(event) {
    if (event.target.closest("button")) {
      return; // that of a column has its own keys
    }
    const at = rows.indexOf(chosen);
    const page = MOST_ROWS_SEEN - 1;
    const to = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1, Enter: at, " ": at,
    }[event.key];
    if (to === undefined || rows.length === 0) {
      return;
    }
    event.preventDefault();
    select(Math.min(Math.max(to, 0), rows.length - 1));
    if (event.key === "Enter") {
      choose(chosen).focus();
    }
  }

  arrange();
  const first = fields.find((field) => field.numbers?.histogram?.length > 0) ?? fields[0];
  chosen = first;
  paint();
  return { table: [el("div", { class: "tools" }, search, matches, legend(fields)), grid], first };
}

/** The section of fields with what there is to tell of the chosen one; null where nothing was measured. */
export function fieldsSection(result) {
  const fields = result.fields ?? [];
  if (fields.length === 0) {
    return null;
  }
  const aside = el("div", { class: "detail-host" });
  let shown = null;
  let detail = null;
  function choose(field) {
    if (field !== shown) {
      shown = field;
      detail = fieldDetail(field);
      aside.replaceChildren(detail);
    }
    return detail;
  }
  const { table, first } = fieldTable(fields, choose);
  choose(first);
  return el("section", { "aria-labelledby": "fields-title" },
    el("h2", { id: "fields-title" }, "What is in the fields"),
    el("p", { class: "lead" }, scopeText(result)),
    el("div", { class: "split" }, el("div", { class: "table-host" }, table), aside));
}

function scopeText(result) {
  const wellFormed = result.provenance?.limits?.profileScope === "PROFILE_SCOPE_WELL_FORMED";
  return wellFormed ? "Measured of all records that are JSON, whatever the schema says of them." : "Measured of the valid records.";
}
