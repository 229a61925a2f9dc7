import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'

const cli = new URL('../../dist/cli.js', import.meta.url).pathname

/** Prints what Node.js has loaded of itself by the end. */
const loaded = `data:text/javascript,process.on('exit', () => console.error(process.moduleLoadList.join('\\n')))`

/** A GitHub that answers every request, and knows nothing. */
async function anEmptyGitHub() {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('a run whose requests are answered does not load the undici of Node.js beside its own', async () => {
  const github = await anEmptyGitHub()
  const env = { PATH: process.env.PATH, GITHUB_TOKEN: 'token', GITHUB_API_URL: github.url }
  const words = ['--import', loaded, cli, 'status', '--repo', 'acme/shop']
  const child = spawn(process.execPath, words, { cwd: tmpdir(), env })
  child.stdout.resume()
  const modules = (await text(child.stderr)).split('\n')
  expect(github.asked).not.toEqual([])
  expect(modules).toContain('NativeModule net')
  expect(modules).not.toContain('NativeModule internal/deps/undici/undici')
})
