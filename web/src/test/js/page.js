// The page's modules, for tests.

const PAGE = new URL("../../main/resources/dev/jassay/web/page/", import.meta.url);

export function load(module) {
  return import(new URL(module, PAGE));
}
