import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * Below the ephemeral ports, 32768 and up on Linux: an outgoing connection could otherwise take a port that
 * was just found free.
 */
const LOWEST = 10_000
const HIGHEST = 32_767

/** Returns free ports of an address here. All are held before the first is released, so no two are the same. */
export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const held = new Map<number, Server>()
  while (held.size < count) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    const server = await listenAt(port, address)
    if (server !== null) held.set(port, server)
  }
  for (const server of held.values()) {
    server.close()
    await once(server, 'close')
  }
  return [...held.keys()]
}

/** Resolves with null if another process already listens there. */
async function listenAt(port: number, address: string): Promise<Server | null> {
  const server = createServer().listen(port, address)
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null
    throw error
  }
}
