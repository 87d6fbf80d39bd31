// A report: one file that shows the one result in it.

import { el } from "./dom.js";
import { isResult, showResult } from "./result.js";
import { themeSwitch } from "./theme.js";

const result = JSON.parse(document.getElementById("embedded").textContent);
document.getElementById("header").append(themeSwitch());
const host = document.getElementById("result");
if (isResult(result)) {
  showResult(host, result, []);
} else {
  host.append(el("p", { class: "failure" }, "There is no result in this file."));
}
