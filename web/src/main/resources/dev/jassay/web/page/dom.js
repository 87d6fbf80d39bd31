// Makes elements. Whatever stands in a result goes in as text nodes only, so no value can become markup; and styles are set as
// properties, never as attributes, which the page's Content-Security-Policy would refuse.

/**
 * An element. Of the attributes, functions become listeners, `true` an empty attribute, and what is null, undefined or false is left out.
 * Children are nodes or text; null is left out.
 */
export function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button that says what it does. */
export function button(text, act, attributes) {
  return el("button", { type: "button", click: act, ...attributes }, text);
}

/** A bar that is filled to a share of 0 to 1, or by several shares one after the other. Its text stands beside it, so it is mute. */
export function meter(parts, kind) {
  const filled = parts.map(({ share, className }) => {
    const part = el("span", { class: className });
    part.style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
    return part;
  });
  return el("span", { class: `meter ${kind ?? ""}`, "aria-hidden": "true" }, filled);
}

/** A list of terms with what is to tell of each; those without anything are left out. */
export function definitions(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "definitions" }, told.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}
