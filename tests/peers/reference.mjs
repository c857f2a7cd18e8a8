// Answers lines {"dir": …, "options": {…}} from standard input in order, one document a line; relative folders are
// taken from the current one.

import process from 'node:process'
import { createInterface } from 'node:readline'

import { document } from './document.mjs'

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { dir, options = {} } = JSON.parse(line)
  process.stdout.write(`${JSON.stringify({ dir, ...(await document(dir, options)) })}\n`)
}
