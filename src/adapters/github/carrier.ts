import { gunzipSync } from 'node:zlib'
import { getProxyUrl } from '@actions/http-client/lib/proxy'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { Fetch } from './transport.ts'

/** GitHub answers with one for a repository that was renamed, and with one for a file: more of them in a row lead nowhere. */
const mostRedirects = 5

/**
 * Returns a fetch to an API, through the runner's proxy where there is one, over connections that are kept. It speaks through
 * the client of undici and not through its `fetch`, which is larger than all of that client. After a redirect to another
 * origin the client sends no token.
 */
export function carrierTo(apiUrl: string): Fetch {
  const dispatcher = dispatcherTo(new URL(apiUrl))
  return async (address, { method = 'GET', headers, body = null, signal = null } = {}) => {
    const { origin, pathname, search } = new URL(address)
    const answer = await dispatcher
      .request({
        origin,
        path: pathname + search,
        method: method as Dispatcher.HttpMethod,
        headers: { 'accept-encoding': 'gzip', ...headers },
        body: body as string | Buffer | null,
        signal,
        maxRedirections: mostRedirects,
      })
      .catch((error: unknown) => {
        signal?.throwIfAborted()
        // A proxy that refuses is an AbortError to undici, which Octokit takes for a request that its caller gave up.
        throw new Error(error instanceof Error ? error.message : String(error), { cause: error })
      })
    const isPacked = answer.headers['content-encoding'] === 'gzip'
    return {
      status: answer.statusCode,
      ok: answer.statusCode >= 200 && answer.statusCode < 300,
      headers: new Map(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
      arrayBuffer: async () => {
        const bytes = await answer.body.arrayBuffer()
        return isPacked ? new Uint8Array(gunzipSync(bytes)).buffer : bytes
      },
    }
  }
}

/** The proxy is found as the runner's toolkit finds it, and gets the name and the password that its address has. */
function dispatcherTo(api: URL): Dispatcher {
  const proxy = getProxyUrl(api)
  if (proxy === undefined || proxy.hostname === '') return new Agent()
  const { href, username, password } = proxy
  const isNamed = username !== '' || password !== ''
  const login = Buffer.from(`${username}:${password}`).toString('base64')
  return new ProxyAgent({ uri: href, ...(isNamed ? { token: `Basic ${login}` } : {}) })
}
