import { isAncestor } from './ancestry.ts'
import type { ObjectKind } from './git.ts'
import { type Git, GitFailure } from './git.ts'
import { readObject } from './objects.ts'
import { looseNames, packedReferences, readValue, swapped } from './reference-files.ts'

export interface Reference {
  /** Full name: `refs/tags/v1.0.0`. */
  readonly name: string
  readonly sha: string
  readonly kind: ObjectKind
}

const nothing = '0'.repeat(40)

/** Every reference whose name begins so, in the order of their names. */
export async function listReferences(git: Git, prefix: string): Promise<Reference[]> {
  const names = new Set([...packedReferences(git).keys(), ...looseNames(git)])
  const wanted = [...names].filter((name) => name.startsWith(prefix)).sort()
  const found = await Promise.all(wanted.map((name) => readReference(git, name)))
  return found.flatMap((reference) => reference ?? [])
}

export async function readReference(git: Git, name: string): Promise<Reference | undefined> {
  const sha = readValue(git, name)
  const object = sha && (await readObject(git, sha))
  return object ? { name, sha: object.sha, kind: object.kind } : undefined
}

export async function isValidName(git: Git, name: string): Promise<boolean> {
  if (!/^refs\/[^/]+\/./.test(name)) return false
  return succeeds(git, ['check-ref-format', name])
}

/** False when the reference exists already, also when another writer made it a moment ago. */
export function createReference(git: Git, name: string, sha: string): Promise<boolean> {
  return swap(git, name, sha, null)
}

export type MoveOutcome = 'moved' | 'missing' | 'not-a-fast-forward'

/**
 * Moves a reference by compare-and-swap on the value that the fast-forward check was made against, so of two
 * writers from the same parent one loses. A lost swap is judged again: the new value decides.
 */
export async function moveReference(
  git: Git,
  name: string,
  sha: string,
  force: boolean,
): Promise<MoveOutcome> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const current = await readReference(git, name)
    if (current === undefined) return 'missing'
    if (!force && !(await isAncestor(git, current.sha, sha))) return 'not-a-fast-forward'
    if (await swap(git, name, sha, current.sha)) return 'moved'
  }
  throw new Error(`git does not let ${name} move`)
}

/** Creates or moves a reference for a test, over any old value. */
export async function setReference(git: Git, name: string, sha: string): Promise<void> {
  const current = readValue(git, name) ?? null
  if ((await readObject(git, sha)) !== undefined && (await swap(git, name, sha, current))) return
  await git.run(['update-ref', name, sha])
}

export async function deleteReference(git: Git, name: string): Promise<'deleted' | 'missing'> {
  const current = await readReference(git, name)
  if (current === undefined) return 'missing'
  await git.run(['update-ref', '-d', name, current.sha])
  return 'deleted'
}

/** False if the reference has another value than the expected one. `null` expects that there is no such reference. */
async function swap(git: Git, name: string, sha: string, expected: string | null): Promise<boolean> {
  const outcome = swapped(git, name, sha, expected)
  return outcome === 'unusual' ? succeeds(git, ['update-ref', name, sha, expected ?? nothing]) : outcome
}

async function succeeds(git: Git, args: readonly string[]): Promise<boolean> {
  try {
    await git.run(args)
    return true
  } catch (error) {
    if (error instanceof GitFailure) return false
    throw error
  }
}
