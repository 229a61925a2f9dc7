import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'

const cli = new URL('../../dist/cli.js', import.meta.url).pathname
const swift = new URL('./swift-backoff.mjs', import.meta.url).href

/** A proxy that notes the requested hosts, and refuses every connection. */
async function aProxy() {
  const asked: string[] = []
  const server = createServer()
  server.on('connect', ({ url = '' }, socket) => {
    asked.push(url)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test.each([
  ['https://api.github.invalid', 'https_proxy', 'api.github.invalid:443'],
  ['http://api.github.invalid', 'http_proxy', 'api.github.invalid:80'],
])('GitHub at %s is asked through the %s of the machine', async (api, variable, expected) => {
  const proxy = await aProxy()
  const env = { PATH: process.env.PATH, GITHUB_TOKEN: 'token', GITHUB_API_URL: api, [variable]: proxy.url }
  const child = spawn(process.execPath, ['--import', swift, cli, 'status', '--repo', 'acme/shop'], {
    cwd: tmpdir(),
    env,
  })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  child.stderr.on('data', (text) => {
    said += text
  })
  const [code] = await once(child, 'close')
  expect([code, new Set(proxy.asked)]).toEqual([3, new Set([expected])])
  expect(said).toContain('github-unavailable')
})
