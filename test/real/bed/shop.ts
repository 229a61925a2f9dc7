import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import type { DetourSide } from '../../../src/domain/detour/side.ts'

/** An application of one side: it reads and writes orders over a pool that keeps its connections. */
export interface Shop {
  close(): Promise<void>
}

/** `release`: said at `/version`. */
export async function startShop(
  port: number,
  side: DetourSide,
  database: string,
  release = 'v1',
): Promise<Shop> {
  const pool = new pg.Pool({ connectionString: database, max: 10, application_name: `shop ${side}` })
  pool.on('error', () => {})
  const server = createServer((request, response) => void answer(request, response))
  server.keepAliveTimeout = 60_000

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://shop')
    if (url.pathname === '/version') return void response.setHeader('x-side', side).end(release)
    const reads = request.method === 'GET'
    const done = reads
      ? read(url)
      : pool.query('INSERT INTO orders (note) VALUES ($1)', [url.searchParams.get('note')])
    const status = await done.then(
      () => 200,
      () => 500,
    )
    response.writeHead(status, { 'x-side': side }).end(side)
  }

  async function read(url: URL): Promise<void> {
    if (url.pathname === '/slow') await pool.query('SELECT pg_sleep(0.4)')
    await pool.query('SELECT count(*) FROM orders')
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    async close() {
      server.close()
      server.closeIdleConnections()
      await pool.end()
      server.closeAllConnections()
    },
  }
}
