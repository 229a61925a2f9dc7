import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Git } from './git.ts'
import { isFullSha } from './objects.ts'

type InFolder = Pick<Git, 'folder'>

/**
 * The files of references, as git keeps them in a bare repository: one file a reference, and `packed-refs`. They are read at
 * each question and never remembered, since tests and git clients write them too.
 */

/** Returns the SHA of a reference; undefined without one. */
export function readValue(git: InFolder, name: string): string | undefined {
  if (leadsAstray.test(name)) return undefined
  return looseValue(git, name) ?? packedReferences(git).get(name)
}

/** The names of the references that have a file of their own. */
export function looseNames(git: InFolder): string[] {
  const folder = path.join(git.folder, 'refs')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `refs/${name.replaceAll('\\', '/')}`)
    .filter((name) => looseValue(git, name) !== undefined)
}

export function packedReferences(git: InFolder): Map<string, string> {
  const file = path.join(git.folder, 'packed-refs')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const entries = lines.map((line) => /^([0-9a-f]{40}) (.+)$/.exec(line))
  return new Map(entries.flatMap((match) => (match ? [[match[2] ?? '', match[1] ?? '']] : [])))
}

/**
 * Gives a reference a new value under git's own lock file, so that git clients and the sandbox take turns.
 * `unusual` leaves the decision to git: the lock is taken, references are packed, or the name conflicts with
 * another one.
 */
export function swapped(
  git: InFolder,
  name: string,
  sha: string,
  expected: string | null,
): boolean | 'unusual' {
  if (!isUsual(name) || packedReferences(git).size > 0) return 'unusual'
  const file = path.join(git.folder, name)
  const lock = `${file}.lock`
  if (!taken(lock, sha)) return 'unusual'
  if ((looseValue(git, name) ?? null) !== expected) {
    rmSync(lock)
    return false
  }
  try {
    renameSync(lock, file)
    return true
  } catch {
    rmSync(lock)
    return 'unusual'
  }
}

/** False if another writer holds the lock, or a file stands in the place of its folder. */
function taken(lock: string, sha: string): boolean {
  try {
    mkdirSync(path.dirname(lock), { recursive: true })
    writeFileSync(lock, `${sha}\n`, { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

/** A name that leads out of `refs`, or to a lock. */
const leadsAstray = /\.\.|\.lock(\/|$)|^(?!refs\/)/

/** True if the name is valid without a question to git. */
const isUsual = (name: string): boolean =>
  /^refs(\/\w[\w.+-]*)+$/.test(name) && !leadsAstray.test(name) && !/\.(\/|$)/.test(name)

function looseValue(git: InFolder, name: string): string | undefined {
  try {
    const text = readFileSync(path.join(git.folder, name), 'utf8').trim()
    return isFullSha(text) ? text : undefined
  } catch {
    return undefined
  }
}
