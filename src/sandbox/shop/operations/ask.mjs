import { request } from 'node:http'

const TIMEOUT_MS = 15_000

/** Sends an HTTP request. Resolves with `{ status, body }`, or undefined if no process listens there. */
export function ask(url, method = 'GET') {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, agent: false, timeout: TIMEOUT_MS }, async (response) => {
      const parts = await response.toArray()
      resolve({ status: response.statusCode, body: Buffer.concat(parts).toString() })
    })
    asking.on('timeout', () => asking.destroy(new Error(`${url} did not answer within ${TIMEOUT_MS} ms`)))
    asking.on('error', (error) => (error.code === 'ECONNREFUSED' ? resolve(undefined) : reject(error)))
    asking.end()
  })
}
