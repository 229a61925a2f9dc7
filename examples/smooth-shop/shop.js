import { createServer } from 'node:http'
import pg from 'pg'

const { PORT, DATABASE_PORT, ROLLGATE_RELEASE: release } = process.env
const pool = new pg.Pool({
  host: '127.0.0.1',
  port: Number(DATABASE_PORT),
  user: 'shop',
  database: 'shop',
  max: 10,
})
// The pool replaces an idle connection that breaks.
pool.on('error', () => {})

const answers = {
  'GET /is-alive': async () => [200, (await pool.query('SELECT 1 AS alive')).rows],
  'GET /version': async () => [200, release],
  'GET /': async () => [200, (await pool.query('SELECT * FROM products ORDER BY id LIMIT 20')).rows],
  'POST /orders': async (request) => {
    const [id] = await request.toArray()
    await pool.query('INSERT INTO orders (id) VALUES ($1)', [String(id)])
    return [201, 'kept']
  },
}

const server = createServer(async (request, response) => {
  const answer = answers[`${request.method} ${request.url}`] ?? (() => [404, 'not here'])
  const [status, body] = await answer(request).catch((error) => [503, error.message])
  response.writeHead(status, { 'content-type': 'application/json', 'x-release': release })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
})
server.keepAliveTimeout = 75_000
server.listen(Number(PORT), '127.0.0.1')

process.on('SIGTERM', () => {
  server.close(() => pool.end())
  server.closeIdleConnections()
})
