import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import type { DetourSide } from '../../../src/domain/detour/side.ts'
import { amended } from './client-log.ts'

/** An application of one side: it reads and writes orders over a pool that keeps its connections. */
export interface Shop {
  close(): Promise<void>
}

/** Milliseconds of own work of a read that takes long. */
export const SLOW_MS = 400

const ordering = 'WITH taken AS (UPDATE stock SET pieces = pieces - 1) INSERT INTO orders (note) VALUES ($1)'

/** The statement of a write by its path; all others order. */
const writes: Readonly<Record<string, string>> = {
  '/amended': 'UPDATE orders SET note = $2 WHERE note = $1',
  '/cancelled': 'DELETE FROM orders WHERE note = $1',
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
    const done = request.method === 'GET' ? read(url) : write(url)
    const status = await done.catch(() => 500)
    response.writeHead(status, { 'x-side': side }).end(side)
  }

  async function read(url: URL): Promise<number> {
    if (url.pathname === '/slow') await pool.query(`SELECT pg_sleep(${SLOW_MS / 1000})`)
    await pool.query('SELECT count(*) FROM orders')
    return 200
  }

  /** An order that is not there is no failure: the client knows on which side it was given. */
  async function write({ pathname, searchParams }: URL): Promise<number> {
    const note = searchParams.get('note') ?? ''
    const { rowCount } = await pool.query(writes[pathname] ?? ordering, [
      note,
      ...(pathname === '/amended' ? [amended(note)] : []),
    ])
    return rowCount === 1 ? 200 : 404
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
