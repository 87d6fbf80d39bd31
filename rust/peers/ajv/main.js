// Measures JSON.parse and ajv as `speed measure` measures the others: says `ready`; for each line of standard input judges the lines of
// the file twice by the schema, and says of the second time `NANOSECONDS RECORDS`, of which only valid ones are counted.
//
// usage: node main.js FILE SCHEMA
'use strict';

const fs = require('node:fs');
const readline = require('node:readline');

const LINE_FEED = 10;
/** What judges nothing, but may be referred to. */
const KEPT = new Set(['$ref', '$schema', 'definitions']);
/** The build of ajv for each `$schema`. */
const BUILDS = {
  'http://json-schema.org/draft-07/schema': 'ajv',
  'https://json-schema.org/draft/2019-09/schema': 'ajv/dist/2019',
  'https://json-schema.org/draft/2020-12/schema': 'ajv/dist/2020',
};

/** What stands beside a `$ref` counts from 2019-09 on; ajv would judge by it before that too. */
function withoutSiblings(schema) {
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  if (Array.isArray(schema)) {
    return schema.map(withoutSiblings);
  }
  const refers = typeof schema.$ref === 'string';
  const members = Object.entries(schema).filter(([key]) => !refers || KEPT.has(key));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutSiblings(member)]));
}

function compile(schema) {
  const build = BUILDS[schema.$schema.replace(/#$/, '')];
  if (build === undefined) {
    throw new Error(`no build of ajv is known for ${schema.$schema}`);
  }
  const Ajv = require(build);
  // Without the metaschema, which some schemas bring along.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  return ajv.compile(build === 'ajv' ? withoutSiblings(schema) : schema);
}

function judge(validate, bytes) {
  let valid = 0;
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, from);
    const end = found === -1 ? bytes.length : found;
    if (validate(JSON.parse(bytes.toString('utf8', from, end)))) {
      valid += 1;
    }
    from = end + 1;
  }
  return valid;
}

function main([file, schema]) {
  const validate = compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
  const bytes = fs.readFileSync(file);
  console.log('ready');
  readline.createInterface({ input: process.stdin }).on('line', () => {
    judge(validate, bytes);
    const began = process.hrtime.bigint();
    const valid = judge(validate, bytes);
    console.log(`${process.hrtime.bigint() - began} ${valid}`);
  });
}

main(process.argv.slice(2));
