// Where the labels of a plot's line stand: at round numbers, as many as there is room for, and no two that say the same.

const CHARACTER = 7; // pixels of a label's character, and between two labels
const APART = 14;
const DENSEST = 25; // pixels from one label to the next
const DECADES = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500];

/** The least of 1, 2 or 5 times a power of ten that is not below. */
function round(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * [1, 2, 5, 10].find((factor) => power * factor >= step * (1 - 1e-9));
}

function multiples(from, to, step) {
  const places = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    places.push(Number((i * step).toPrecision(12)));
  }
  return places;
}

/** Powers of ten, or with 2 and 5 times them where there are few. */
function powers(from, to, decades) {
  const places = [];
  for (let power = Math.floor(Math.log10(from) / decades) * decades; power <= Math.log10(to); power += decades) {
    const factors = decades === 1 && to / from < 1000 ? [1, 2, 5] : [1];
    places.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return places.filter((place) => place >= from && place <= to);
}

/**
 * The places of labels on a line of so many pixels. `position` takes them to where they stand on it, `label` to what is written.
 *
 * @param logarithmic whether the line is, from above zero
 */
export function ticks(from, to, pixels, label, logarithmic) {
  const position = logarithmic ? Math.log : (place) => place;
  const scale = pixels / (position(to) - position(from));
  const fits = (places) => {
    const labels = places.map(label);
    return new Set(labels).size === labels.length && places.every((place, index) => index === 0
      || (position(place) - position(places[index - 1])) * scale >= (labels[index].length + labels[index - 1].length) / 2 * CHARACTER + APART);
  };
  if (logarithmic) {
    return DECADES.map((decades) => powers(from, to, decades)).find(fits) ?? [];
  }
  let places = [];
  for (let most = Math.max(Math.floor(pixels / DENSEST), 1); most >= 1; most--) {
    places = multiples(from, to, round((to - from) / most));
    if (fits(places)) {
      return places;
    }
  }
  return places.slice(0, 1);
}
