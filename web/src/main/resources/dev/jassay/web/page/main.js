// The page: takes a file and a schema, has the file judged, and shows the result.

import { button } from "./dom.js";
import { saveReport } from "./downloads.js";
import { ignoreOtherDrops, takeFiles } from "./drop.js";
import { bytes, count, percent } from "./numbers.js";
import { readResult, showResult, summary } from "./result.js";
import { cut, value } from "./text.js";
import { themeSwitch } from "./theme.js";
import { CallFailure, judge } from "./upload.js";

const MAX_SCHEMA_BYTES = 4 << 20; // what the service takes
const MOST_FIELDS = 4096; // what the table is made for, and room for them
const MAX_RESULT_BYTES = String(16 << 20);
const LONGEST_SOURCE = 120; // of 512 bytes, in any script
const RESULT_BEGINS = /^\s*\{\s*"verdict"\s*:\s*"VERDICT_/;

const at = (id) => document.getElementById(id);
const shown = at("result");
let running = null;

/** Tells how it stands, to those who listen too. */
function say(text, className = "") {
  at("status").className = className;
  at("status").replaceChildren(value(text, 2000));
}

function config(file) {
  const schema = at("schema-text").value;
  const recordsPath = at("records-path").value.trim();
  return {
    source: cut(file.name, LONGEST_SOURCE),
    format: at("format").value,
    ...(recordsPath === "" ? {} : { recordsPath }),
    ...(schema.trim() === "" ? {} : { validation: { schemaJson: schema } }),
    profile: {
      scope: at("scope").value,
      inferSchema: at("infer").checked && at("scope").value !== "PROFILE_SCOPE_NONE",
      maxPaths: MOST_FIELDS,
      maxKeys: MOST_FIELDS,
    },
    report: { maxResultBytes: MAX_RESULT_BYTES },
  };
}

function show(result, name = result.source) {
  const report = button("Download report", () => saveReport(result).catch((failure) => say(`No report: ${failure.message}.`, "failure")));
  showResult(shown, result, [report], name);
  say(`${result.verdict === "VERDICT_PASS" ? "Pass" : "Fail"}: ${summary(result)}`, "aside");
  at("verdict-title").focus({ preventScroll: true });
  shown.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Figures come from what was sent and from what was judged, each when it is known. */
function progressView(file) {
  const began = performance.now();
  const known = { sent: 0 };
  at("progress").hidden = false;
  at("progress-name").replaceChildren(value(file.name, LONGEST_SOURCE));
  at("progress-bar").removeAttribute("value");
  at("progress-figures").textContent = "";
  return (news) => {
    Object.assign(known, news);
    const seconds = Math.max((performance.now() - began) / 1000, 0.001);
    const rate = known.bytesPerSecond ?? known.sent / seconds;
    at("progress-bar").value = file.size === 0 ? 1 : known.sent / file.size;
    at("progress-figures").textContent = [
      `${percent(known.sent, file.size)} of ${bytes(file.size)}`,
      `${bytes(rate)}/s`,
      known.records === undefined ? null : count(known.records, "record"),
      known.invalid === undefined ? null : `${count(known.invalid, "record")} invalid`.replace(/ records? invalid/, " invalid"),
    ].filter(Boolean).join(" · ");
  };
}

/** Neither an upload nor a result stays once somebody wants something else. */
function leaveOthers() {
  running?.cancel();
  leave();
}

function leave() {
  running = null;
  at("progress").hidden = true;
  shown.replaceChildren();
}

async function judgeFile(file) {
  leaveOthers();
  say("Judging…", "quiet");
  const call = judge(file, config(file), progressView(file));
  running = call;
  try {
    const result = await call.result;
    if (running !== call) {
      return; // another file came
    }
    leave(); // before the result is scrolled to: what goes would move it
    if (result === null) {
      say("Cancelled. Nothing was kept.");
    } else {
      show(result);
    }
  } catch (failure) {
    if (running !== call) {
      return;
    }
    leave();
    if (!(failure instanceof CallFailure)) {
      throw failure;
    }
    say(failure.message, "failure");
  }
}

async function openResult(file) {
  leaveOthers();
  const result = readResult(await file.text());
  if (result !== null) {
    show(result, result.source || file.name);
  } else {
    say(`${file.name} is no saved result. Make one with: jassay check FILE --output json -o result.json`, "failure");
  }
}

/** A result that is dropped is shown: nobody means to judge it. */
async function takeFile(file) {
  const head = await file.slice(0, 256).text();
  await (RESULT_BEGINS.test(head) ? openResult(file) : judgeFile(file));
}

/** What to do with a file, where it may have gone, or be a result like none that there are. */
function carefully(take) {
  return (file) => take(file).catch((failure) => say(`${file.name} cannot be read or shown: ${failure.message}`, "failure"));
}

function wantOne(count) {
  say(count === 0 ? "Only files can be dropped here." : "Drop one file at a time. Many are judged together by: jassay check FILE...", "failure");
}

async function takeSchema(file) {
  if (file.size > MAX_SCHEMA_BYTES) {
    say(`${file.name} is too large for a schema: at most ${bytes(MAX_SCHEMA_BYTES)}.`, "failure");
    return;
  }
  at("schema-text").value = await file.text();
  at("schema").open = true;
  markSchema();
}

/** A schema that is folded away still counts, so it is told. */
function markSchema() {
  const text = at("schema-text").value;
  let state = "none";
  if (text.trim() !== "") {
    try {
      JSON.parse(text);
      state = `${bytes(new Blob([text]).size)}`;
    } catch {
      state = "not JSON";
    }
  }
  at("schema-state").textContent = state;
}

async function tellServer() {
  try {
    const info = await (await fetch("v1/info")).json();
    at("server").textContent = `Jassay ${info.serverVersion}, ${info.kernel}, ${count(info.threads, "thread")}`;
  } catch {
    at("server").textContent = "No server answers here: only saved results can be opened.";
  }
}

at("header").append(themeSwitch());
takeFiles(at("zone"), at("choose"), at("file"), carefully(takeFile), wantOne);
takeFiles(at("open").parentElement, at("open"), at("open-file"), carefully(openResult), wantOne);
takeFiles(at("schema"), at("schema-choose"), at("schema-file"), carefully(takeSchema), wantOne);
ignoreOtherDrops();
at("schema-text").addEventListener("input", markSchema);
at("schema-clear").addEventListener("click", () => {
  at("schema-text").value = "";
  markSchema();
});
at("cancel").addEventListener("click", () => {
  running?.cancel();
  at("choose").focus();
});
markSchema();
tellServer();
