import type { ObjectKind } from './git.ts'
import { type Git, GitFailure } from './git.ts'

export interface Reference {
  /** Full name: `refs/tags/v1.0.0`. */
  readonly name: string
  readonly sha: string
  readonly kind: ObjectKind
}

const nothing = '0'.repeat(40)

export async function listReferences(git: Git, prefix: string): Promise<Reference[]> {
  const listing = await git.text(['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)'])
  return listing
    .split('\n')
    .filter(Boolean)
    .map(parseReference)
    .filter((reference) => reference.name.startsWith(prefix))
}

export async function readReference(git: Git, name: string): Promise<Reference | undefined> {
  return (await listReferences(git, name)).find((reference) => reference.name === name)
}

export async function isValidName(git: Git, name: string): Promise<boolean> {
  if (!/^refs\/[^/]+\/./.test(name)) return false
  return succeeds(git, ['check-ref-format', name])
}

/** False when the reference exists already, also when another writer made it a moment ago. */
export function createReference(git: Git, name: string, sha: string): Promise<boolean> {
  return succeeds(git, ['update-ref', name, sha, nothing])
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
    if (await succeeds(git, ['update-ref', name, sha, current.sha])) return 'moved'
  }
  throw new Error(`git does not let ${name} move`)
}

/** For the test's own hand: creates or moves, whatever was there. */
export async function setReference(git: Git, name: string, sha: string): Promise<void> {
  await git.run(['update-ref', name, sha])
}

export async function deleteReference(git: Git, name: string): Promise<'deleted' | 'missing'> {
  const current = await readReference(git, name)
  if (current === undefined) return 'missing'
  await git.run(['update-ref', '-d', name, current.sha])
  return 'deleted'
}

function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  return succeeds(git, ['merge-base', '--is-ancestor', older, newer])
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

function parseReference(line: string): Reference {
  const [sha = '', kind = '', name = ''] = line.split(' ')
  return { name, sha, kind: kind as ObjectKind }
}
