import { createServer } from 'node:http'

const { PORT, ROLLGATE_RELEASE: release } = process.env

const answers = {
  '/is-alive': () => ({ alive: true }),
  '/version': () => ({ version: release }),
  '/': ({ searchParams }) => ({ greeting: `Hello, ${searchParams.get('name') ?? 'world'}!` }),
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const answer = answers[url.pathname]
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ? answer(url) : { error: 'not found' }))
})

server.listen(Number(PORT), '127.0.0.1')

// Takes no new request and finishes the open ones, so that no client sees a broken answer.
process.on('SIGTERM', () => server.close())
