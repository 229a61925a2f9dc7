import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The Go that the modules of Kubernetes ask for. */
const GO = 24

/**
 * Returns why the beds of engines cannot stand here, or null if they can. Throws where `ROLLGATE_REQUIRE_ENGINES` says that
 * they must.
 */
export function missingForEngines(...programs: readonly string[]): string | null {
  const why = whyNot(programs)
  if (why !== null && process.env.ROLLGATE_REQUIRE_ENGINES === '1')
    throw new Error(`A bed of an engine cannot stand: ${why}.`)
  if (why !== null) console.warn(`Skipped: ${why}.`)
  return why
}

/** Returns true if everything is tried, and not the part that stands for it. Says what is left out otherwise. */
export function triesAll(what: string): boolean {
  const all = process.env.ROLLGATE_ENGINES === 'all'
  if (!all) console.warn(`${what}: left out; ROLLGATE_ENGINES=all takes it.`)
  return all
}

function whyNot(programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'only root can make namespaces'
  const missing = programs.filter((name) => !isThere(name))
  if (missing.length > 0) return `there is no ${missing.join(', ')} here; .ci/setup installs them`
  return programs.includes('go') && goMinor() < GO ? `it needs Go 1.${GO} or newer` : null
}

/** True if a program is there; the folders of administrators and of network plugins count. */
function isThere(name: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/lib/cni']
  return folders.some((folder) => existsSync(join(folder, name)))
}

function goMinor(): number {
  const said = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  return Number(/^go1\.(\d+)/.exec(said)?.[1] ?? 0)
}
