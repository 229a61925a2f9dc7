import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rewrite } from './rewrite.ts'
import { slimPostgres } from './slim-postgres.ts'
import { queueOfOne, slimToolkit } from './slim-toolkit.ts'
import { slimUndici } from './slim-undici.ts'
import { studentAlone } from './student-alone.ts'

/**
 * Copies packages beside the compiled sources with the part that Rollgate uses. A bundler cannot tell that part: undici
 * brings mocks, caches and two builds of one parser, Octokit a method for each of GitHub's thousand endpoints, jStat every
 * distribution. A package that imports a slim one is copied too, because it looks for its imports beside itself.
 */
export async function slimPackages(root: string, compiled: string): Promise<void> {
  const beside = join(compiled, 'node_modules')
  slimToolkit(root, beside)
  slimUndici(root, beside)
  queueOfOne(root, beside)
  slimPostgres(root, beside)
  yamlAsModules(root, beside)
  withoutNativeTemporal(root, beside)
  slimStatistics(root, beside)
  await slimEndpoints(root, beside, usedEndpoints(join(compiled, 'src')))
}

/** Takes the build of `yaml` that consists of modules, from which a bundler drops every part that no file imports. */
function yamlAsModules(root: string, beside: string): void {
  const whole = join(root, 'node_modules/yaml')
  cpSync(join(whole, 'browser/dist'), join(beside, 'yaml/dist'), { recursive: true })
  cpSync(join(whole, 'LICENSE'), join(beside, 'yaml/LICENSE'))
  const { name, version, license } = JSON.parse(readFileSync(join(whole, 'package.json'), 'utf8'))
  const manifest = { name, version, license, type: 'module', main: './dist/index.js', sideEffects: false }
  writeFileSync(join(beside, 'yaml/package.json'), JSON.stringify(manifest))
}

/** The functions for dates come twice: by themselves, and by the Temporal of newer versions of Node.js, with the same results. */
function withoutNativeTemporal(root: string, beside: string): void {
  const folder = join(beside, 'temporal-polyfill')
  cpSync(join(root, 'node_modules/temporal-polyfill'), folder, { recursive: true })
  rewrite(join(folder, 'chunks/root.js'), () => 'export const NativeTemporal = undefined\n')
}

/** Keeps Student's distribution of jStat and the beta function under it: the judge asks for nothing else. */
function slimStatistics(root: string, beside: string): void {
  const whole = join(root, 'node_modules/jstat')
  mkdirSync(join(beside, 'jstat/dist'), { recursive: true })
  for (const file of ['package.json', 'LICENSE']) cpSync(join(whole, file), join(beside, 'jstat', file))
  writeFileSync(join(beside, 'jstat/dist/jstat.js'), studentAlone(join(whole, 'src')))
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
