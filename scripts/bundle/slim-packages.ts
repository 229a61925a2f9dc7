import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Some packages bring far more than Rollgate uses, and a bundler cannot tell: undici its mocks, caches and websockets (a
 * tenth of a megabyte), Octokit a method for each of GitHub's thousand endpoints (another). Copies beside the compiled
 * sources have the rest alone; what imports them is copied too, so that it finds those.
 */
export async function slimPackages(root: string, compiled: string): Promise<void> {
  const beside = join(compiled, 'node_modules')
  cpSync(join(root, 'node_modules/@actions'), join(beside, '@actions'), { recursive: true })
  slimUndici(root, beside)
  withoutNative(root, beside)
  await slimEndpoints(root, beside, usedEndpoints(join(compiled, 'src')))
}

/** `fetch`, and the agent for a proxy, which @actions/http-client asks for; the agent calls methods of undici's API. */
function slimUndici(root: string, beside: string): void {
  const folder = join(beside, 'undici')
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, 'node_modules/undici/package.json'), join(folder, 'package.json'))
  const required = (file: string): string =>
    `require(${JSON.stringify(join('../../../../node_modules/undici/lib', file))})`
  const lines = [
    `Object.assign(${required('dispatcher/dispatcher.js')}.prototype, ${required('api/index.js')})`,
    `exports.ProxyAgent = ${required('dispatcher/proxy-agent.js')}`,
    `exports.fetch = ${required('web/fetch/index.js')}.fetch`,
  ]
  writeFileSync(join(folder, 'index.js'), `${lines.join('\n')}\n`)
}

/**
 * The client of PostgreSQL can use a native one, which is not installed here. ncc would leave it for `eval`, beside which
 * no name of the whole bundle can be shortened: half a megabyte.
 */
function withoutNative(root: string, beside: string): void {
  // The pool asks for the client in its turn.
  for (const name of ['pg', 'pg-pool'])
    cpSync(join(root, 'node_modules', name), join(beside, name), { recursive: true })
  const refusal = "throw new Error('the native client of PostgreSQL is not bundled')\n"
  writeFileSync(join(beside, 'pg/lib/native/index.js'), refusal)
}

type Endpoints = Readonly<Record<string, Readonly<Record<string, unknown>>>>

async function slimEndpoints(root: string, beside: string, used: ReadonlySet<string>): Promise<void> {
  const name = '@octokit/plugin-rest-endpoint-methods'
  const whole = dirname(dirname(createRequire(join(root, 'package.json')).resolve(name)))
  cpSync(whole, join(beside, name), { recursive: true })
  const file = 'dist-src/generated/endpoints.js'
  const { default: all }: { default: Endpoints } = await import(pathToFileURL(join(whole, file)).href)
  const scopes = Object.entries(all).map(([scope, methods]): [string, object] => [
    scope,
    Object.fromEntries(Object.entries(methods).filter(([method]) => used.has(`${scope}.${method}`))),
  ])
  const kept = Object.fromEntries(scopes.filter(([, methods]) => Object.keys(methods).length > 0))
  const missing = [...used].filter((one) => {
    const [scope = '', method = ''] = one.split('.')
    return all[scope]?.[method] === undefined
  })
  if (missing.length > 0) throw new Error(`Octokit has no ${missing.join(', ')}`)
  writeFileSync(join(beside, name, file), `export default ${JSON.stringify(kept)}\n`)
}

/** The methods that compiled sources call, like `git.createRef`. */
export function usedEndpoints(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  )
  return new Set(files.flatMap((file) => endpointsIn(readFileSync(join(folder, file), 'utf8'))))
}

const endpointsIn = (text: string): string[] =>
  [...text.matchAll(/\brest\.(\w+)\.(\w+)/g)].map(([, scope, method]) => `${scope}.${method}`)
