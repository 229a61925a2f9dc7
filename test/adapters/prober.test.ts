import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { createProber } from '../../src/adapters/prober.ts'
import { createShell } from '../../src/adapters/shell.ts'
import type { Answer } from '../../src/pipeline/ports.ts'
import { freePorts } from '../../src/sandbox/fleet/ports.ts'
import { proberContract } from '../contracts/prober.contract.ts'
import { command } from '../contracts/shell.contract.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createFakeShell } from '../fakes/fake-shell.ts'

async function listen(answer: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

proberContract('HTTP and processes', async () => {
  const { server, origin } = await listen((request, response) => {
    if (request.url === '/silent') return
    response.statusCode = request.url === '/yes' ? 200 : 503
    response.end(request.url === '/yes' ? 'fine' : 'starting')
  })
  const groups = { expect: () => {}, forget: () => {}, add: () => {}, remove: () => {} }
  const shell = createShell({ env: process.env, cwd: process.cwd(), masker: createMasker(), groups })
  return {
    prober: createProber(shell),
    origin,
    nobody: `http://127.0.0.1:${(await freePorts(1))[0]}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
})

describe('asking over HTTP', () => {
  async function ask(answer: RequestListener, timeout = 2000): Promise<Answer> {
    const { server, origin } = await listen(answer)
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return askAt(`${origin}/`, timeout)
  }

  function askAt(url: string, timeout = 2000): Promise<Answer> {
    const prober = createProber(createFakeShell(createFakeClock()))
    return prober.ask({ kind: 'http', url, timeout }, {}, new AbortController().signal)
  }

  test('an answer is as it was said, whatever secrets look like F51', async () => {
    expect(await ask((_request, response) => void response.end('v2026.1.4'))).toEqual({
      kind: 'yes',
      text: 'v2026.1.4',
    })
  })

  test.each([201, 204, 301, 302, 404, 500])('%i is a no', async (status) => {
    const answer = await ask((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end()
    })
    expect(answer).toMatchObject({ kind: 'no', why: `answered ${status}` })
  })

  test('a connection that breaks before the answer, or within it, is absent', async () => {
    const broken = { kind: 'absent', why: 'connection broken' }
    expect(await ask((request) => void request.socket.destroy())).toEqual(broken)
    const within = await ask((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begun', () => request.socket.destroy())
    })
    expect(within).toEqual(broken)
  })

  test('a host that is not known is unknown: nothing tells if a process listens there', async () => {
    expect(await askAt('http://no-such-host.invalid/')).toEqual({ kind: 'unknown', why: 'unknown host' })
  })

  test('an answer that is not HTTP is a no', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => {}).end('220 mail\r\n')).listen(
      0,
      '127.0.0.1',
    )
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const answer = await askAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(answer).toMatchObject({ kind: 'no', text: '' })
  })

  test('the timeout counts up to the end of the body', async () => {
    const answer = await ask((_request, response) => {
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    }, 200)
    expect(answer).toEqual({ kind: 'timed-out', after: 200 })
  })

  test('a body that never ends is cut at 64 KiB, between two characters', async () => {
    const answer = await ask((_request, response) => {
      const pour = () => {
        while (response.write('€'.repeat(1000)));
      }
      response.on('drain', pour)
      pour()
    })
    expect(answer).toEqual({ kind: 'yes', text: '€'.repeat(Math.floor((64 * 1024) / 3)) })
  })

  test('every question has a connection of its own', async () => {
    const seen: (string | undefined)[] = []
    const { server, origin } = await listen((request, response) => {
      seen.push(`${request.headers.connection} ${request.socket.remotePort}`)
      response.end()
    })
    onTestFinished(() => void server.close())
    await askAt(origin)
    await askAt(origin)
    expect(seen.every((connection) => connection?.startsWith('close'))).toBe(true)
    expect(new Set(seen).size).toBe(2)
  })
})

describe('asking by a command', () => {
  async function ask(part: Parameters<ReturnType<typeof createFakeShell>['play']>[1]): Promise<Answer> {
    const shell = createFakeShell(createFakeClock())
    shell.play('bin/ask', part)
    const probe = { kind: 'run', command: command('bin/ask') } as const
    return createProber(shell).ask(probe, { PORT: '8080' }, new AbortController().signal)
  }

  test('the command sees the variables', async () => {
    expect(await ask(({ variables }) => ({ lines: [variables.PORT ?? ''] }))).toEqual({
      kind: 'yes',
      text: '8080\n',
    })
  })

  test('a warning on stderr is no part of the answer F21', async () => {
    expect(await ask({ errors: ['DeprecationWarning'], lines: ['v1.1.0'] })).toEqual({
      kind: 'yes',
      text: 'v1.1.0\n',
      said: 'DeprecationWarning\n',
    })
  })

  test('one that is not there is a no', async () => {
    const answer = await ask({ ends: { kind: 'not-found', name: 'curl' } })
    expect(answer).toEqual({ kind: 'no', why: 'could not run: curl was not found', text: '' })
  })

  test('its output is cut at 64 KiB', async () => {
    const answer = await ask({ lines: Array.from({ length: 100 }, () => 'x'.repeat(1024)) })
    expect(answer.kind === 'yes' && answer.text.length).toBe(64 * 1024)
  })
})
