// Light or dark: as the system says, until somebody chooses otherwise.

import { button } from "./dom.js";

const KEY = "jassay-theme";
const CHOICES = ["auto", "light", "dark"];

/** Sent to the document when colours have changed, for what is not drawn by CSS. */
export const THEME_CHANGED = "jassay-theme-changed";

/** What was chosen before; storage may be forbidden, as in a file that was opened from a disk. */
function remembered() {
  try {
    const choice = localStorage.getItem(KEY);
    return CHOICES.includes(choice) ? choice : "auto";
  } catch {
    return "auto";
  }
}

function remember(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // it holds until the page is closed
  }
}

function changed() {
  document.dispatchEvent(new Event(THEME_CHANGED));
}

/** A button that goes from one choice to the next. */
export function themeSwitch() {
  let choice = remembered();
  const control = button("", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    remember(choice);
    apply();
  }, { class: "quiet" });

  function apply() {
    document.documentElement.dataset.theme = choice;
    control.textContent = `Theme: ${choice}`;
    changed();
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  apply();
  return control;
}
