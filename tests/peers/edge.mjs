// Answers lines from standard input in order, one document a line, as Netlify's command line would serve them locally:
// {"rules": […], "requests": [{"path", "query", "host", "country", "language", "cookies"}]} by the rule that matches each
// request, and {"headers": […], "paths": […]} by the numbers of the entries that count for each path.

import process from 'node:process'
import { createInterface } from 'node:readline'

import { parseAllHeaders } from '@netlify/headers-parser'
import { parseAllRedirects } from '@netlify/redirect-parser'
import redirector from 'netlify-redirector'

// The form that the engine reads (netlify/cli, `src/utils/redirects.ts`).
function engineRule({ from, query, conditions: { Role, Country, Language, ...others } = {}, signed, ...rule }) {
  const conditions = { ...others, ...(Role && { Role }), ...(Country && { Country }), ...(Language && { Language }) }
  return { ...rule, origin: from, params: query ?? {}, conditions, ...(signed && { sign: { jwt_secret: signed } }) }
}

function ask(engine, { path, query = '', host = 'site.invalid', country = '', language = '', cookies = {} }) {
  const headers = { 'x-country': country, 'x-language': language }
  const found = engine.match({
    scheme: 'https',
    host,
    path,
    query,
    headers,
    cookieValues: cookies,
    getHeader: (name) => headers[name.toLowerCase()] ?? '',
    getCookie: (name) => cookies[name] ?? '',
  })
  if (!found) return null
  return found.to === undefined ? 'withheld' : [found.to, found.status, found.force]
}

async function redirects({ rules, requests }) {
  const parsed = await parseAllRedirects({ redirectsFiles: [], configRedirects: rules, minimal: false })
  const engine = await redirector.parseJSON(JSON.stringify(parsed.redirects.map(engineRule)), {
    jwtSecret: 'secret',
    jwtRoleClaim: 'app_metadata.authorization.roles',
  })
  return requests.map((request) => ask(engine, request))
}

async function headers({ headers: entries, paths }) {
  const parsed = await parseAllHeaders({ headersFiles: [], configHeaders: entries, minimal: false })
  const numbers = (path) => parsed.headers.flatMap(({ forRegExp }, at) => (forRegExp.test(path) ? [at] : []))
  return { count: parsed.headers.length, matches: paths.map(numbers) }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const question = JSON.parse(line)
  let answer
  try {
    answer = question.rules ? await redirects(question) : await headers(question)
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
