// Which samples are of which group, and where in a sample's preview its error stands. A result tells neither, but both follow from it.

import { number } from "./numbers.js";

const REPLACEMENT = "\ufffd";
const UTF8 = new TextEncoder();

/** What a group and its samples have in common, apart from the place. */
function kind(told) {
  return [told.code, told.keyword ?? "", told.schemaPointer ?? ""].join("\n");
}

/** Whether a pointer is one of a path, in which `*` stands for every element and `~2` for a star in a key. */
function isAt(pointer, path) {
  const steps = pointer.split("/");
  const pattern = path.split("/");
  return steps.length === pattern.length && steps.every((step, index) =>
    pattern[index] === step.replaceAll("*", "~2") || (pattern[index] === "*" && /^\d+$/.test(step)));
}

/** The path of a pointer all of whose numbers are indices, as nearly always. */
function usualPath(pointer) {
  return pointer.replaceAll("*", "~2").replace(/\/\d+(?=\/|$)/g, "/*");
}

/**
 * The samples of each group, and those of no group that can be told: where a pointer was cut, or places are counted together.
 */
export function assign(groups, samples) {
  const byKind = new Map();
  const byPlace = new Map();
  const assigned = new Map(groups.map((group) => [group, []]));
  for (const group of groups) {
    byKind.set(kind(group), [...(byKind.get(kind(group)) ?? []), group]);
    byPlace.set(`${kind(group)}\n${group.path ?? ""}`, group);
  }
  const others = [];
  for (const sample of samples) {
    const pointer = sample.instancePointer ?? "";
    const place = `${kind(sample)}\n${usualPath(pointer)}`;
    if (!byPlace.has(place)) {
      const near = byKind.get(kind(sample)) ?? [];
      const rest = near.length === 1 ? near[0] : near.find((group) => group.path === "/**");
      byPlace.set(place, near.find((group) => isAt(pointer, group.path ?? "")) ?? rest);
    }
    (assigned.get(byPlace.get(place)) ?? others).push(sample);
  }
  return { assigned, others };
}

/**
 * The index in a sample's preview where its error stands; null where that does not follow, rather than a wrong one. All before it is
 * UTF-8, so bytes can be counted; but of a preview that is cut at both ends it is not told how much of a character was left out at
 * which, unless nothing was.
 */
export function place(sample, maxPreviewBytes) {
  const preview = sample.preview ?? "";
  const error = number(sample.errorOffset) - number(sample.byteOffset);
  if (sample.code === "VIOLATION_CODE_OVERSIZE") {
    return null; // nothing there is wrong
  }
  if (!sample.previewTruncated) {
    return indexOfByte(preview, error);
  }
  const last = number(sample.byteLength) - maxPreviewBytes;
  const start = beginning(sample, maxPreviewBytes);
  if (start === 0) {
    return indexOfByte(preview, error);
  }
  const leftOut = maxPreviewBytes - UTF8.encode(preview).length;
  const known = !preview.includes(REPLACEMENT) && (leftOut === 0 || start === last);
  return known ? indexOfByte(preview, error - start - leftOut) : null;
}

/** How many bytes of the record a preview leaves out before it. */
function beginning(sample, maxPreviewBytes) {
  const error = number(sample.errorOffset) - number(sample.byteOffset);
  const last = number(sample.byteLength) - maxPreviewBytes;
  return sample.previewTruncated ? Math.max(Math.min(error - Math.floor(maxPreviewBytes / 2), last), 0) : 0;
}

/** The line of a sample's error, which may be below that of its record; null where that does not follow. */
export function errorLine(sample, maxPreviewBytes) {
  const index = place(sample, maxPreviewBytes);
  return index === null || beginning(sample, maxPreviewBytes) > 0
    ? null
    : number(sample.line) + sample.preview.slice(0, index).split("\n").length - 1;
}

/** The index of the character that begins after so many bytes of UTF-8. */
function indexOfByte(text, bytes) {
  let index = 0;
  let passed = 0;
  while (index < text.length && passed < bytes) {
    const code = text.codePointAt(index);
    passed += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    index += code > 0xffff ? 2 : 1;
  }
  return passed === bytes ? index : null;
}
