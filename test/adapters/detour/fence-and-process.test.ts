import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openSession } from '../../../src/adapters/detour/postgres/engine/session.ts'
import { createFences } from '../../../src/adapters/detour/postgres/fences.ts'

/** A message of PostgreSQL's protocol to a client. */
function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(kind), length, body])
}

const ready = message('Z', Buffer.from('I'))
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), ready])
const done = Buffer.concat([message('C', Buffer.from('SELECT 0\0')), ready])

/** A server that takes every client, and answers each statement with no row. Its sockets keep no process alive. */
async function aServer() {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    socket.unref()
    sockets.add(socket)
    let greeted = false
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (data) => {
      if (data.toString('latin1', 0, 1) === 'X') return
      socket.write(greeted ? done : welcome)
      greeted = true
    })
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { sockets, url: new URL(`postgres://shop@127.0.0.1:${port}/shop?sslmode=disable`) }
}

/** The sockets that keep this process alive. */
const kept = (): number => process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length

test('a fence that a run leaves held does not keep its process alive, and is ended where that is asked', async () => {
  const { sockets, url } = await aServer()
  const before = kept()
  const session = await openSession({ url, shown: 'a database' }, 'a fence')
  expect([kept() - before, sockets.size]).toEqual([1, 1])
  const fences = createFences()
  fences.keep('stand-in', session, '0/1')
  expect([kept() - before, sockets.size]).toEqual([0, 1])
  await session.rows('SELECT 1')
  const closed = once([...sockets][0] as Socket, 'close')
  await fences.end('stand-in')
  await closed
  expect([kept() - before, sockets.size]).toEqual([0, 0])
})
