// What Netlify's own packages make of a folder, as one canonical JSON document. Nothing is fetched.

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'

// What the engine would read from its environment must not reach a document.
for (const name of Object.keys(process.env)) {
  if (/^(NETLIFY|DEPLOY_ID|BUILD_ID|SITE_ID|CONTEXT|BRANCH|HEAD|npm_config_user_agent)/i.test(name)) delete process.env[name]
}
Object.assign(process.env, { NO_COLOR: '1', FORCE_COLOR: '0' })
console.log = console.error

const { resolveConfig } = await import('@netlify/config')
const { parseAllRedirects } = await import('@netlify/redirect-parser')
const { parseAllHeaders } = await import('@netlify/headers-parser')

const OPTIONS = ['base', 'baseRelDir', 'config', 'defaultConfig', 'inlineConfig', 'packagePath']

// The document of a folder and the options of a run.
export async function document(dir, given) {
  const root = path.resolve(dir)
  const options = { context: 'production', branch: 'main', ...given }
  return canonical({ options, ...(await answer(root, options)) }, root)
}

async function answer(root, options) {
  const call = {
    repositoryRoot: root,
    cwd: path.join(root, options.cwd ?? '.'),
    context: options.context,
    branch: options.branch,
    mode: 'buildbot',
    offline: true,
    buffer: true,
  }
  for (const name of OPTIONS.filter((name) => options[name] !== undefined)) call[name] = options[name]
  try {
    const resolved = await resolveConfig(call)
    if (resolved.configPath !== undefined && !resolved.configPath.startsWith(root + path.sep)) {
      throw new Error(`${resolved.configPath} is above the folder`)
    }
    return await accepted(root, resolved)
  } catch (error) {
    return { ok: false, error: rejected(error) }
  }
}

async function accepted(root, resolved) {
  const { redirects, headers, ...config } = resolved.config
  const { branch, buildDir, configPath = null, context, headersPath, integrations, redirectsPath } = resolved
  const complete = await parseAllRedirects({ configRedirects: redirects, minimal: false })
  return {
    ok: true,
    ...{ branch, buildDir, config, configPath, context, headersPath, integrations, redirectsPath },
    redirects: complete.redirects,
    headers: await withPatterns(headers),
    ...messages(resolved.logs),
    sideFiles: await sideFiles(root),
  }
}

// The pattern that the engine computes for the path of each header entry, if it is a valid one.
async function withPatterns(headers) {
  const patternOf = async ({ for: path }) => {
    const { headers } = await parseAllHeaders({ configHeaders: [{ for: path, values: { x: 'y' } }], minimal: false })
    return headers[0]?.forRegExp
  }
  return Promise.all(headers.map(async (header) => ({ ...header, forRegExp: await patternOf(header) })))
}

// The engine prints all faulty rules of one kind as one warning, a blank line between two of them. A blank line in the
// log may once have been another white space, so that only the first words of an error tell where it starts.
const WARNING = /^\s*Warning: some (redirects|headers) have syntax errors:\s*\n/
const ENTRY = /\n\n?(?=Could not (?:read|parse) |Redirects must be |Headers? must be |Path should come before )/

function messages({ stdout = [], stderr = [] } = {}) {
  const found = { redirects: [], headers: [], warnings: [] }
  for (const text of [...stdout, ...stderr].map((text) => text.replaceAll('\u200b', ''))) {
    const [title, kind] = WARNING.exec(text) ?? []
    if (kind === undefined) found.warnings.push(text.trimStart())
    else found[kind].push(...text.slice(title.length).split(ENTRY))
  }
  return { redirectErrors: found.redirects, headerErrors: found.headers, warnings: found.warnings }
}

// Every `_redirects` and `_headers` below the folder, each parsed on its own.
async function sideFiles(root, folder = root, found = {}) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    const name = path.relative(root, file)
    if (entry.isDirectory() && !['node_modules', '.git', '.hg', '.svn'].includes(entry.name)) {
      await sideFiles(root, file, found)
    } else if (entry.isFile() && entry.name === '_redirects') {
      const { redirects, errors } = await parseAllRedirects({ redirectsFiles: [file], minimal: false })
      found[name] = { kind: 'redirects', rules: redirects, errors: errors.map(({ message }) => message) }
    } else if (entry.isFile() && entry.name === '_headers') {
      const { headers, errors } = await parseAllHeaders({ headersFiles: [file], minimal: false })
      found[name] = { kind: 'headers', rules: headers, errors: errors.map(({ message }) => message) }
    }
  }
  return found
}

// Kinds of rejection by the engine's own words; a group names the property or the package.
const REJECTIONS = Object.entries({
  'toml-syntax': /^Could not parse configuration file$/m,
  'toml-escape': /^In netlify\.toml, the following backslash /,
  'config-unreadable': /^Could not read configuration file$/m,
  'config-missing': /^Configuration file does not exist$/,
  'base-missing': /^Base directory does not exist: /,
  'outside-root': /^Configuration property "([^"]*)" "[^]*" must be inside the repository root directory\.$/,
  'duplicate-plugin': /^Plugin "([^]*)" must not be specified twice in /,
  'context-plugin': /^\n"([^]*?)" is installed in the UI, /,
  option: /^Option '(\w+)' points to a non-existing directory: /,
  extension: /^Extension ([^]*?) contains unexpected build plugin URL: /,
  'invalid-property':
    /^Configuration property ([^]+?) (?:must |has unknown properties|either "|"[^"\n]+" (?:and "[^"\n]+" are mutually exclusive|property is required))/,
  'engine-crash': /^(?:Cannot (?:read|convert|set|use) |(?:undefined|null) is not |.* is not (?:a function|iterable))/,
  'unprintable-value': /^([^\n]*): (?:Array cannot contain values of different types|Key cannot be an empty string)\.$/,
})

function rejected(error) {
  const message = error instanceof Error ? error.message : String(error)
  const type = error?.customErrorInfo?.type ?? 'unexpected'
  if (type === 'unexpected') return { type, kind: 'engine-crash', message }
  const body = message.replace(/^When (?:resolving config|applying configuration from).*:\n/, '')
  const [kind, pattern] = REJECTIONS.find(([, pattern]) => pattern.test(body)) ?? ['other', /^/]
  const position = kind === 'toml-syntax' ? { line: error.line, column: error.column } : {}
  return { type, kind, property: pattern.exec(body)[1], message, ...position }
}

// Sorted keys, nothing undefined, and paths below the folder relative to it (`.` is the folder itself).
function canonical(value, root) {
  if (typeof value === 'string') return relative(value, root)
  if (value instanceof RegExp || value instanceof URL) return relative(String(value), root)
  if (Array.isArray(value)) return value.map((item) => canonical(item ?? null, root))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [relative(key, root), canonical(item, root)]))
}

function relative(text, root) {
  const below = text.split(root + path.sep).join('')
  const parts = below.split(root)
  return parts.reduce((joined, part) => joined + (/^[\w.-]/.test(part) ? root : '.') + part)
}
