// Writes the answers beside every case of a corpus: `expected.json`, or `expected.NAME.json` for the run NAME.
// Wording that no comparison looks at is left out.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'

import { document } from './document.mjs'

const firstLine = (text) => text.split('\n')[0]
const WORDED = new Set(['errors', 'redirectErrors', 'headerErrors', 'warnings'])

function essence(key, value) {
  if (key === 'error') return { ...value, message: undefined }
  return WORDED.has(key) && Array.isArray(value) ? value.map(firstLine) : value
}

const corpus = process.argv[2]
for (const name of (await readdir(corpus)).sort()) {
  const dir = path.join(corpus, name)
  const { runs } = JSON.parse(await readFile(path.join(dir, 'case.json'), 'utf8').catch(() => '{"runs": [{}]}'))
  for (const { name = '', options = {} } of runs) {
    const file = ['expected', name, 'json'].filter((part) => part !== '').join('.')
    await writeFile(path.join(dir, file), `${JSON.stringify(await document(dir, options), essence, 2)}\n`)
  }
}
