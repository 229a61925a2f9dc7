import { connect, type NetConnectOpts } from 'node:net'

/** The longest time for an answer of a balancer, in milliseconds. */
export const ANSWER_TIMEOUT = 3000

/**
 * Sends commands to the runtime API at a path or `host:port` and returns the answer to each, over one
 * connection, which the API closes at the end. Rejects with the connection's own error, with `ECONNRESET` for
 * answers that were cut off, or with `ETIMEDOUT`.
 */
export function exchange(address: string, ...commands: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let said = ''
    const connection = connect(placeOf(address), () => connection.write(`${commands.join(';')}\n`))
    connection.setEncoding('utf8')
    connection.setTimeout(ANSWER_TIMEOUT, () =>
      connection.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    )
    connection.on('data', (text: string) => {
      said += text
    })
    connection.on('error', reject)
    connection.on('close', () => {
      // An empty line ends every answer, and none has one in it.
      const answers = said.split(/^\n/m).slice(0, -1)
      if (answers.length >= commands.length) resolve(answers)
      else reject(Object.assign(new Error('cut off'), { code: 'ECONNRESET' }))
    })
  })
}

function placeOf(address: string): NetConnectOpts {
  const [, host, port] = /^\[?([^/]+?)\]?:(\d+)$/.exec(address) ?? []
  return host === undefined ? { path: address } : { host, port: Number(port) }
}
