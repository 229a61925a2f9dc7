import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { noticeAsJson } from '../../src/domain/notify/notice-text.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

interface Got {
  readonly what: string
  readonly authorization: string | undefined
  readonly body: string
}

/** A server that answers each request by its method and path. */
async function aServer(answer: (what: string) => { status: number; text: string }) {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const what = `${request.method} ${request.url?.split('?')[0]}`
    got.push({ what, authorization: request.headers.authorization, body: Buffer.concat(parts).toString() })
    const { status, text } = answer(what)
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
}

const notice = noticeAsJson({
  ...{ id: 'shop/production/7.12', to: 'bin/chat', point: 'failed', at: '2026-12-01T09:00:00.000Z' },
  ...{ approved: true, tries: 0, failure: null },
  facts: {
    ...{ app: 'shop', environment: 'production', url: null, deployment: 7, mode: 'deploy' },
    release: { tag: 'v1.2.0', sha: 'a'.repeat(40) },
    previous: null,
    title: 'Deploy v1.2.0 to production: failed: it is "too big"',
    ...{ reason: 'it is "too big"', outcome: 'failed', pause: null, by: ['alice'] },
    run: 'https://github.com/acme/shop/actions/runs/1',
  },
})

/** Runs an example as Rollgate runs it: the notice on stdin. Returns its exit code and its stderr. */
function run(name: string, env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(`examples/notify/bin/${name}`, { env: { PATH: process.env.PATH ?? '', ...env } })
    let said = ''
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString()
    })
    child.stdin.on('error', () => {}).end(`${JSON.stringify(notice)}\n`)
    child.once('close', (code) => resolve({ code, said }))
  })
}

test('the chat gets one message, whatever characters a reason has', async () => {
  const { url, got } = await aServer(() => ({ status: 200, text: 'ok' }))
  expect(await run('chat', { CHAT_WEBHOOK: `${url}/hook/s3cret` })).toEqual({ code: 0, said: '' })
  expect(got.map(({ what, body }) => [what, JSON.parse(body)])).toEqual([
    [
      'POST /hook/s3cret',
      {
        text: '❌ Deploy v1.2.0 to production: failed: it is "too big"\nit is "too big"\nhttps://github.com/acme/shop/actions/runs/1',
      },
    ],
  ])
})

test('a chat that refuses, or is not there, fails the command without the address of its webhook', async () => {
  const { url } = await aServer(() => ({ status: 404, text: 'no such hook' }))
  expect(await run('chat', { CHAT_WEBHOOK: `${url}/hook/s3cret` })).toEqual({
    ...{ code: 1, said: 'the webhook answered 404\n' },
  })
  const gone = await run('chat', { CHAT_WEBHOOK: 'http://127.0.0.1:1/hook/s3cret' })
  expect([gone.code, gone.said]).toEqual([1, 'the webhook answered nothing\n'])
  expect((await run('chat', {})).code).toBe(1)
})

test('the graphs get one line, and none a second time', async () => {
  const drawn: string[] = []
  const { url, got } = await aServer((what) => {
    if (what.startsWith('POST')) drawn.push(what)
    return { status: 200, text: what.startsWith('GET') ? JSON.stringify(drawn) : '{}' }
  })
  const env = { MONITORING: url, MONITORING_TOKEN: 't0ken' }
  expect(await run('deploy-marker', env)).toEqual({ code: 0, said: '' })
  expect(await run('deploy-marker', env)).toEqual({ code: 0, said: '' })
  expect(got.map(({ what }) => what)).toEqual([
    'GET /api/annotations',
    'POST /api/annotations',
    'GET /api/annotations',
  ])
  expect(got[1]?.authorization).toBe('Bearer t0ken')
  expect(JSON.parse(got[1]?.body ?? '')).toMatchObject({
    time: Date.parse('2026-12-01T09:00:00.000Z'),
    tags: expect.arrayContaining(['shop', 'production', 'v1.2.0', 'failed', 'rollgate:shop/production/7.12']),
  })
})
