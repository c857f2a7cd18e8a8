// Answers lines {"dir": …, "importer": …, "specifier": …, "kind": "import" | "require"} from standard input in order: where
// Node.js itself finds what the importer names, {"file": …}, {"refused": code} or {"missing": true}.
//
// Needs --experimental-import-meta-resolve, which lets import.meta.resolve take an importer.

import { existsSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'

const REFUSED = ['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_IMPORT_NOT_DEFINED']
const MISSING = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND']

const find = ({ dir, importer, specifier, kind }) => {
  const from = join(dir, importer)
  if (kind === 'require') {
    return createRequire(from).resolve(specifier)
  }
  const url = import.meta.resolve(specifier, pathToFileURL(from).href)
  return url.startsWith('file:') ? fileURLToPath(url) : url
}

const answer = (question) => {
  try {
    const found = find(question)
    if (!found.startsWith('/')) {
      return { file: found }
    }
    const isFile = existsSync(found) && statSync(found).isFile()
    return isFile ? { file: relative(realpathSync(question.dir), realpathSync(found)) } : { missing: true }
  } catch (error) {
    if (REFUSED.includes(error.code)) {
      return { refused: error.code }
    }
    return MISSING.includes(error.code) ? { missing: true } : { error: error.code ?? error.message }
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`)
}
