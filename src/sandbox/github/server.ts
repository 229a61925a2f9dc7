import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Exchanged } from './exchange.ts'
import type { Incoming } from './incoming.ts'
import type { SiteReply } from './reply.ts'

export interface Listening {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string
  /** From here on requests are answered; before, the port is only held. */
  serve(
    handle: (incoming: Incoming) => Promise<Exchanged>,
    headers: (incoming: Incoming) => RequestHeaders,
  ): void
  /** Stops the server, and ends requests that a test holds frozen. */
  stop(): Promise<void>
}

type RequestHeaders = Readonly<Record<string, string>>

export async function listen(): Promise<Listening> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    serve(handle, headers) {
      const respond = async (request: IncomingMessage, response: ServerResponse) => {
        const incoming = await received(request, url)
        const outcome = await handle(incoming)
        if (outcome === undefined) request.socket.destroy()
        else send(response, outcome, headers(incoming))
      }
      // An error here is one of the connection: the client left in the middle of its request.
      server.on('request', (request, response) => {
        respond(request, response).catch(() => request.socket.destroy())
      })
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function received(request: IncomingMessage, base: string): Promise<Incoming> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join() : value,
    ]),
  )
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', base),
    headers,
    bytes: Buffer.concat(chunks),
  }
}

function send(response: ServerResponse, reply: SiteReply, headers: RequestHeaders): void {
  switch (reply.kind) {
    case 'json':
      response.writeHead(reply.status, {
        'content-type': 'application/json; charset=utf-8',
        ...headers,
        ...reply.headers,
      })
      response.end(JSON.stringify(reply.body))
      return
    case 'raw':
      response.writeHead(reply.status, { 'content-type': reply.type, ...headers })
      response.end(reply.bytes)
      return
    case 'empty':
      response.writeHead(reply.status, headers)
      response.end()
  }
}
