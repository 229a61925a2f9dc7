import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { type PostgresBed, query } from './postgres.ts'

/** An address that does something, and answers when it was done. */
export async function doing(fault: () => Promise<unknown>): Promise<string> {
  const server = createServer((_request, response) => {
    void fault().then(
      () => response.end(),
      (thrown: Error) => response.writeHead(500).end(thrown.message),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
}

/** A job beside the door: it writes at home whenever home lets it. */
export function aCronJob({ home }: PostgresBed) {
  const written: string[] = []
  let stopped = false
  const works = (async () => {
    for (let at = 0; !stopped; at += 1) {
      const note = `cron-${at}`
      const insert = `INSERT INTO orders (note) VALUES ('${note}')`
      await query(home.url, "SET lock_timeout = '500ms'", insert).then(
        () => void written.push(note),
        () => {},
      )
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  })()
  return async () => {
    stopped = true
    await works
    return written
  }
}
