import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import { carrierTo } from '../../src/adapters/github/carrier.ts'

type Answering = (request: IncomingMessage, response: ServerResponse) => unknown

/** A server for this test. Resolves with its address. */
async function serves(answer: Answering): Promise<string> {
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const bodyOf = async (answer: { arrayBuffer(): Promise<ArrayBuffer> }): Promise<string> =>
  Buffer.from(await answer.arrayBuffer()).toString()

test('the carrier hands on the status, the headers and the body of an answer, packed or not', async () => {
  const url = await serves(({ url: path, headers }, response) => {
    const packed = path === '/packed' && headers['accept-encoding'] === 'gzip'
    response.writeHead(path === '/packed' ? 200 : 404, {
      'x-told': 'so',
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    })
    response.end(packed ? gzipSync('whole') : 'plain')
  })
  const carry = carrierTo(url)
  const packed = await carry(`${url}/packed`)
  expect([packed.status, packed.ok, packed.headers.get('x-told'), await bodyOf(packed)]).toEqual([
    ...[200, true, 'so', 'whole'],
  ])
  const plain = await carry(`${url}/plain?a=b`)
  expect([plain.status, plain.ok, await bodyOf(plain)]).toEqual([404, false, 'plain'])
})

test('a body that says it is packed and is not fails the request', async () => {
  const url = await serves((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no'))
  await expect(carrierTo(url)(url).then(bodyOf)).rejects.toThrow('incorrect header check')
})

test('the method, the headers and a file of a request arrive with its length', async () => {
  const url = await serves(async (request, response) => {
    const { method, headers } = request
    const said = [method, headers.authorization, headers['content-length'], await text(request)]
    response.end(JSON.stringify(said))
  })
  const headers = { authorization: 'token secret' }
  const answer = await carrierTo(url)(url, { method: 'POST', headers, body: new Blob(['a fi', 'le']) })
  expect(JSON.parse(await bodyOf(answer))).toEqual(['POST', 'token secret', '6', 'a file'])
})

test('a redirect is followed: with the token on the same origin, without it to another one', async () => {
  const tell: Answering = ({ headers }, response) => response.end(headers.authorization ?? 'no token')
  const other = await serves(tell)
  const url = await serves((request, response) => {
    if (request.url === '/moved') return response.writeHead(301, { location: '/here' }).end()
    if (request.url === '/file') return response.writeHead(302, { location: `${other}/file` }).end()
    return tell(request, response)
  })
  const carry = carrierTo(url)
  const headers = { authorization: 'token secret' }
  expect(await bodyOf(await carry(`${url}/moved`, { headers }))).toBe('token secret')
  expect(await bodyOf(await carry(`${url}/file`, { headers }))).toBe('no token')
})

test('redirects in a circle end, with the last of them as the answer', async () => {
  let asked = 0
  const url = await serves((_, response) => {
    asked += 1
    response.writeHead(302, { location: '/again' }).end()
  })
  expect((await carrierTo(url)(url)).status).toBe(302)
  expect(asked).toBe(6)
})

test('a request that its caller gives up ends with the reason of the caller, any other failure with its own', async () => {
  const silent = await serves(() => {})
  const signal = AbortSignal.timeout(20)
  await expect(carrierTo(silent)(silent, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  const broken = await serves(({ socket }) => socket.destroy())
  await expect(carrierTo(broken)(broken)).rejects.toMatchObject({
    name: 'Error',
    message: 'other side closed',
  })
})

test("the proxy of the machine is told the name and the password in its address, and the job's no_proxy is heard", async () => {
  const told: (string | undefined)[] = []
  const server = createServer()
  server.on('connect', ({ url, headers }, socket) => {
    told.push(url, headers['proxy-authorization'])
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    server.close()
  })
  vi.stubEnv('http_proxy', `http://me:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`)
  const api = 'http://api.github.invalid'
  await expect(carrierTo(api)(api)).rejects.toMatchObject({ name: 'Error' })
  expect(told).toEqual(['api.github.invalid:80', `Basic ${Buffer.from('me:p@ss').toString('base64')}`])
  vi.stubEnv('no_proxy', 'api.github.invalid')
  await expect(carrierTo(api)(api)).rejects.toThrow('ENOTFOUND')
  expect(told).toHaveLength(2)
})
