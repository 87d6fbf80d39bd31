// What the names of the interface mean, in plain words, for people who do not read the manual first.

const ENDINGS = {
  COMPLETE: "The input was judged to its end.",
  UNRECOVERABLE_SYNTAX: "No further record can be found from there on: the array does not begin, close or end as an array must, or is not where its path leads.",
  INPUT_TRUNCATED: "The input ends too early, inside an array, an object, a string or a compressed part.",
  UNSUPPORTED_ENCODING: "The input is UTF-16 or UTF-32. Convert it to UTF-8.",
  LIMIT: "The input expands too much, or asks for too much memory to be decompressed.",
  CORRUPT_COMPRESSION: "What is compressed is damaged from there on.",
  INTERRUPTED: "It was interrupted: this is the result of what had been judged so far.",
};

const CODES = {
  SYNTAX: "is not JSON",
  INVALID_UTF8: "has bytes that are not UTF-8",
  LONE_SURROGATE: "escapes half of a surrogate pair",
  DUPLICATE_KEY: "repeats a key in one object",
  DEPTH: "nests too deep",
  OVERSIZE: "is too long",
  SCHEMA: "is not as its schema asks",
  EMPTY_ELEMENT: "is nothing between two commas of an array",
};

const FORMATS = {
  NDJSON: "NDJSON, a record a line",
  ARRAY: "one array of records",
  CONCATENATED: "values one after the other",
  DOCUMENT: "a single document",
};

const COMPRESSIONS = { GZIP: "gzip", ZSTD: "zstd" };

/** A name without what its enumeration puts before it. */
function bare(name, prefix) {
  return String(name ?? "").replace(prefix, "");
}

/** How the stream ended. A name that is newer than this page is told as it is. */
export function ending(termination) {
  const name = bare(termination, "TERMINATION_");
  return ENDINGS[name] ?? name;
}

/** As on the command line, `SYNTAX`. */
export function codeName(code) {
  return bare(code, "VIOLATION_CODE_");
}

/** What is wrong with a record of that code: "is not JSON". */
export function codeMeaning(code) {
  return CODES[codeName(code)] ?? "";
}

/** How records stand in the stream, and how it was compressed. */
export function formatName(format, compression) {
  const name = bare(format, "FORMAT_");
  const packed = COMPRESSIONS[bare(compression, "COMPRESSION_")];
  return (FORMATS[name] ?? name) + (packed ? `, in ${packed}` : "");
}

/** The types of JSON values in the order in which they are shown: their names in a result, for people, and as classes of colours. */
export const TYPES = [
  { key: "nullValue", name: "null", className: "type-null" },
  { key: "booleanValue", name: "boolean", className: "type-boolean" },
  { key: "integerValue", name: "integer", className: "type-integer" },
  { key: "fractionValue", name: "fraction", className: "type-fraction" },
  { key: "stringValue", name: "string", className: "type-string" },
  { key: "arrayValue", name: "array", className: "type-array" },
  { key: "objectValue", name: "object", className: "type-object" },
];
