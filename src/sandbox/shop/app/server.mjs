/** An instance of the shop: a process that serves one installed release on 127.0.0.1:$PORT. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { keepWish } from './database.mjs'
import { page } from './page.mjs'
import { release, served } from './release.mjs'
import { selfTest } from './self-test.mjs'

const { PORT, PID_FILE, DRAINING, SHOP_SIDE } = process.env
const PAGE_MS = 5
const SLOW_BOOT_MS = 1500
const GRACE_MS = 1000
const FORGOTTEN_MS = 60_000

let tested = false
let drained = false
let stopping = false
let lastAsked = Date.now()

const routes = {
  'GET /': async () => {
    await delay(PAGE_MS)
    return answer(200, page(), 'text/html')
  },
  'GET /is-alive': () => (tested && !draining() ? answer(200, 'alive') : answer(503, 'not alive')),
  'GET /self-test': async () => {
    if (release.quirk === 'self-test-hangs') await new Promise(() => {})
    const result = selfTest()
    if (result.passed && release.quirk !== 'never-alive') tested = true
    log(`self test ${JSON.stringify(result)}`)
    return answer(result.passed ? 200 : 500, JSON.stringify(result), 'application/json')
  },
  'GET /version': () => answer(200, served),
  'POST /wishes': async (request) => {
    keepWish(await text(request))
    return answer(201, 'kept')
  },
  // Final for this process: a drained instance comes back by a restart, so that no stray self test puts it into traffic again.
  'POST /drain': () => {
    drained = true
    log('draining')
    return answer(200, 'draining')
  },
}

const server = createServer(async (request, response) => {
  lastAsked = Date.now()
  const route = routes[`${request.method} ${request.url}`] ?? (() => answer(404, 'not here'))
  const { status, body, type } = await Promise.try(route, request).catch((error) =>
    answer(500, error.message),
  )
  // A connection that was kept alive must not outlive the traffic: the last answer on it ends it.
  if (draining() || stopping) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': type, 'x-release': served, 'x-side': SHOP_SIDE })
  response.end(body)
})
// Longer than any client keeps an idle connection, so that it is never this end that closes it under a new request.
server.keepAliveTimeout = 75_000

process.once('SIGTERM', stop)
process.once('exit', removePidFile)
await boot()

async function boot() {
  if (release.quirk === 'exits') {
    log('cannot start: translations are missing')
    process.exit(1)
  }
  if (release.quirk === 'slow-boot') await delay(SLOW_BOOT_MS)
  if (stopping) return
  server.listen(Number(PORT), '127.0.0.1', () => log(`listening on ${PORT}`))
  setInterval(stopWhenForgotten, 1000).unref()
}

/** True if `bin/leave` laid its file, or a caller with only the port posted to `/drain`. */
const draining = () => drained || existsSync(DRAINING)

/**
 * Stops an instance whose sandbox is gone: a front door asks many times a second, so a minute without a
 * request means that.
 */
function stopWhenForgotten() {
  if (Date.now() - lastAsked > FORGOTTEN_MS) stop()
}

/** Takes no new connection, finishes what is in flight, and ends. */
function stop() {
  stopping = true
  log('stopping')
  server.close(() => process.exit(0))
  setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
}

function removePidFile() {
  if (existsSync(PID_FILE) && Number(readFileSync(PID_FILE, 'utf8')) === process.pid) rmSync(PID_FILE)
}

function answer(status, body, type = 'text/plain') {
  return { status, body, type }
}

function log(message) {
  console.log(`${new Date().toISOString()} ${release.tag} ${message}`)
}
