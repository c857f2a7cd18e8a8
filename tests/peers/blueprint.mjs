// What the packages `yaml` and `ajv` make of Blueprints: reads lines {"text": …}, answers a line each.
//
// {yaml: {ok, errors: [{code, line}]}, value, schemaValid}; the schema is the one that the crate embeds.

import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline'

import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parseDocument } from 'yaml'

console.warn = () => {}
process.removeAllListeners('warning')
process.on('warning', () => {})

const path = new URL('../../src/platform/data/render-schema.json', import.meta.url)
const schema = JSON.parse(await readFile(path, 'utf8').catch(() => 'true'))
const ajv = new Ajv({ allErrors: true, strict: false, allowUnionTypes: true })
addFormats(ajv)
const isValid = ajv.compile(schema)

// The package's own line counter passes over the line breaks of quoted texts that stand where none may.
const lineOf = (text, offset) => text.slice(0, offset).split('\n').length

function answer(text) {
  const document = parseDocument(text, { prettyErrors: false, merge: true })
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ code, pos }) => ({ code, line: lineOf(text, pos[0]) }))
    return { yaml: { ok: false, errors } }
  }
  let value
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? null
    // A value that holds itself is none that could be judged.
    JSON.stringify(value)
  } catch {
    return { yaml: { ok: false, errors: [{ code: 'ALIAS' }] } }
  }
  return { yaml: { ok: true, errors: [] }, value, schemaValid: isValid(value) }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line).text))}\n`)
}
