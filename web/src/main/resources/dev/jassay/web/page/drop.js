// A place for a file: it can be dropped there, or chosen by the button in it.

/** Calls `taken` with each file. `input` is the hidden chooser that `opener` opens. */
export function takeFiles(zone, opener, input, taken) {
  let depth = 0; // dragging over a child leaves the zone and enters it again
  function mark(change) {
    depth = Math.max(depth + change, 0);
    zone.classList.toggle("over", depth > 0);
  }
  opener.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files.length > 0) {
      taken(input.files[0]);
      input.value = "";
    }
  });
  zone.addEventListener("dragenter", () => mark(1));
  zone.addEventListener("dragleave", () => mark(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    mark(0);
    const file = event.dataTransfer.files[0] ?? null;
    if (file !== null) {
      taken(file);
    }
  });
}

/** A file that is dropped beside the zones must not take the place of the page. */
export function ignoreOtherDrops() {
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => event.preventDefault());
  }
}
