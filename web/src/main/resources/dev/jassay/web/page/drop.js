// A place for a file: it can be dropped there, or chosen by the button in it.

/** Calls `taken` with the file, and `refused` with how many there were instead of one. `input` is the hidden chooser that `opener` opens. */
export function takeFiles(zone, opener, input, taken, refused) {
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
    const { files } = event.dataTransfer;
    if (files.length === 1) {
      taken(files[0]);
    } else {
      refused(files.length);
    }
  });
}

/** A file that is dropped beside the zones must not take the place of the page. */
export function ignoreOtherDrops() {
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => event.preventDefault());
  }
}
