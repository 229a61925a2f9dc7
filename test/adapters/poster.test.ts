import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createPoster } from '../../src/adapters/poster.ts'
import type { Posting } from '../../src/pipeline/ports.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that answers with a status, or never for null. Returns its address and the requests that it got. */
async function aServer(status: number | null, headers: Record<string, string> = {}) {
  const got: {
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly body: string
  }[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() })
    if (status !== null) response.writeHead(status, headers).end('words of the receiver')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
}

const posting = (change: Partial<Posting> = {}): Posting => ({
  ...{
    url: '$HOOK',
    mediaType: 'application/cloudevents+json',
    secret: null,
    body: '{"id":"7.1"}',
    timeout: 5_000,
  },
  ...change,
})

const post = (env: NodeJS.ProcessEnv, change: Partial<Posting> = {}) =>
  createPoster(env).post(posting(change), new AbortController().signal)

test('a text arrives whole, with its secret header, at an address that is a secret itself', async () => {
  const { url, got } = await aServer(204)
  const secret = { header: 'authorization', variable: 'TOKEN' }
  const body = JSON.stringify({ title: 'Überraschung' })
  expect(await post({ HOOK: `${url}/hook/s3cret`, TOKEN: 'Bearer t0ken' }, { secret, body })).toBeNull()
  expect(got).toMatchObject([
    {
      path: '/hook/s3cret',
      headers: { authorization: 'Bearer t0ken', 'content-type': 'application/cloudevents+json' },
      body,
    },
  ])
})

test('a redirect is not followed: the secret would go to an address that the config does not name', async () => {
  const elsewhere = await aServer(200)
  const { url } = await aServer(307, { location: elsewhere.url })
  expect(await post({ HOOK: url })).toBe('answered 307: a redirect is not followed')
  expect(elsewhere.got).toEqual([])
})

test('a server that fails, that hangs or that is gone is told apart, without a word of its address', async () => {
  const failing = await aServer(503)
  expect(await post({ HOOK: `${failing.url}/s3cret` })).toBe('answered 503')
  const hanging = await aServer(null)
  expect(await post({ HOOK: hanging.url }, { timeout: 50 })).toBe('no answer after 0.05 s')
  expect(await post({ HOOK: 'http://127.0.0.1:1/s3cret' })).toBe('could not be sent: ECONNREFUSED')
  expect(await post({ HOOK: 's3cret' })).toBe('$HOOK is no address: a variable is missing, or it is not HTTP')
  expect(await post({ HOOK: 'file:///etc/passwd' })).toContain('it is not HTTP')
})

test('without the value of its secret header, or of its address, nothing is sent', async () => {
  const { url, got } = await aServer(200)
  const secret = { header: 'authorization', variable: 'TOKEN' }
  expect(await post({ HOOK: url, TOKEN: '' }, { secret })).toBe('the variable TOKEN is not set here')
  expect(await post({ HOOK: url, TOKEN: 'a\nb' }, { secret })).toContain(
    'a character that HTTP does not take',
  )
  expect(await post({})).toContain('a variable is missing')
  expect(got).toEqual([])
})

test.each(['GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'INPUT_TOKEN'])(
  '%s of the runner is filled into no address and no header',
  async (variable) => {
    const { url, got } = await aServer(200)
    const env = { HOOK: url, [variable]: 'ghs_secret' }
    expect(await post(env, { url: `${url}/?t=$${variable}` })).toContain('a variable is missing')
    expect(await post(env, { secret: { header: 'x-token', variable } })).toContain('is not set here')
    expect(got).toEqual([])
  },
)
