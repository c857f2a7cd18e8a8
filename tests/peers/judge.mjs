// Prism's proxy between a client and a fake: `node judge.mjs DESCRIPTION UPSTREAM`. Says on which port it listens, and ends
// when its input does.
import { createLogger } from '@stoplight/prism-core'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createServer } from '@stoplight/prism-http-server'

const [description, upstream] = process.argv.slice(2)
const operations = await getHttpOperationsFromSpec(description)
const config = {
  isProxy: true,
  upstream: new URL(upstream),
  validateRequest: true,
  validateResponse: true,
  checkSecurity: false,
  errors: false,
  mock: { dynamic: false },
}
const logger = createLogger('judge', { enabled: false })
const server = createServer(operations, { cors: false, config, components: { logger } })
const address = await server.listen(0, '127.0.0.1')
console.log(`listening on ${new URL(address).port}`)
process.stdin.resume().on('end', () => process.exit(0))
