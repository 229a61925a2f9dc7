import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../../src/sandbox/fleet/ports.ts'

async function listen(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

test('ports are free, and no two the same', async () => {
  const ports = await freePorts(50)
  expect(new Set(ports).size).toBe(50)
  expect(await Promise.all(ports.map(listen))).toEqual(ports)
})

test('no connection that goes out takes one before somebody listens there', async () => {
  const door = await listen(0)
  const ports = await freePorts(5)
  const sockets = Array.from({ length: 200 }, () => connect(door, '127.0.0.1'))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  expect(Math.min(...sockets.map(({ localPort }) => localPort ?? 0))).toBeGreaterThan(Math.max(...ports))
})

test('an address that is not here is said to be none', async () => {
  await expect(freePorts(1, '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
})
