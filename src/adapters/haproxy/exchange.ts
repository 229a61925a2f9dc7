import { connect, type NetConnectOpts } from 'node:net'

/** How long a balancer may take to answer, in milliseconds. */
export const ANSWER_TIMEOUT = 3000

/**
 * Sends one command to the runtime API at a path or `host:port` and answers what it said. Each has a connection of its own:
 * the API closes it when it is done. Rejects with the connection's own error, with `ECONNRESET` for an answer that was cut
 * off, or with `ETIMEDOUT`.
 */
export function exchange(address: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const connection = connect(placeOf(address), () => connection.write(`${command}\n`))
    connection.setEncoding('utf8')
    connection.setTimeout(ANSWER_TIMEOUT, () =>
      connection.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    )
    connection.on('data', (text: string) => {
      said += text
    })
    connection.on('error', reject)
    connection.on('close', () => {
      // Every answer ends a line, and so does that of a command which has nothing to say.
      if (said.endsWith('\n')) resolve(said)
      else reject(Object.assign(new Error('cut off'), { code: 'ECONNRESET' }))
    })
  })
}

function placeOf(address: string): NetConnectOpts {
  const [, host, port] = /^\[?([^/]+?)\]?:(\d+)$/.exec(address) ?? []
  return host === undefined ? { path: address } : { host, port: Number(port) }
}
