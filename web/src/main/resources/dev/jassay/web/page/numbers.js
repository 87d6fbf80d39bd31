// Numbers as people read them, the same in every locale. 64-bit numbers come as strings of digits and are shown digit by digit; only
// shares, bars and orders are computed with, where a double is enough.

const BYTE_UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

/** A number that may be a string, or absent where it is 0. */
export function number(value) {
  return Number(value ?? 0);
}

/** As in 1,234,567. */
export function grouped(value) {
  return String(value ?? 0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** As in 1 record, 1,000 records. */
export function count(value, noun) {
  return `${grouped(value)} ${noun}${number(value) === 1 ? "" : "s"}`;
}

/** A double with at most six digits that count; absent where it is 0. */
export function decimal(value) {
  const double = number(value);
  if (!Number.isFinite(double)) {
    return String(value);
  }
  const size = Math.abs(double);
  return double !== 0 && (size >= 1e15 || size < 1e-4)
    ? Number(double.toPrecision(4)).toExponential()
    : double.toLocaleString("en", { maximumSignificantDigits: 6 });
}

/** An exact decimal of the result: grouped where it is a short whole number, else as it stands. */
export function exact(text) {
  return /^-?\d{1,24}$/.test(text) ? grouped(text) : text;
}

/** With three digits and a decimal unit, as in 66.4 MB. */
export function bytes(value) {
  let scaled = number(value);
  let unit = 0;
  while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const decimals = unit === 0 ? 0 : scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return `${scaled.toFixed(decimals)} ${unit === 0 && scaled === 1 ? "byte" : BYTE_UNITS[unit]}`;
}

/** As in 1 % or 0.05 %; never 0 % or 100 % unless it is exactly that. */
export function percent(part, whole) {
  const [some, all] = [number(part), number(whole)];
  if (some === 0 || all === 0) {
    return "0 %";
  }
  if (some === all) {
    return "100 %";
  }
  const share = Math.min(Math.max((100 * some) / all, 0.001), 99.999);
  return `${Number(share.toFixed(share < 1 || share > 99 ? 3 : 1))} %`;
}

/** Of nanoseconds, as in 0.21 s or 3 min 20 s. */
export function duration(nanos) {
  const seconds = number(nanos) / 1e9;
  if (seconds < 59.95) {
    return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  }
  const whole = Math.round(seconds);
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
