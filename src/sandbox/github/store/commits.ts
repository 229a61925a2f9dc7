import type { Git, StoredObject } from './git.ts'
import { readObjects, writeObject } from './objects.ts'

export interface Signature {
  readonly name: string
  readonly email: string
  /** ISO 8601, UTC, whole seconds. */
  readonly date: string
}

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Signature
  readonly committer: Signature
  readonly message: string
}

export interface AnnotatedTag {
  readonly sha: string
  readonly name: string
  readonly object: { readonly sha: string; readonly kind: string }
  readonly tagger: Signature
  readonly message: string
}

/** Returns the commits of these SHAs, in the same order; other objects are left out. */
export async function readCommits(git: Git, shas: readonly string[]): Promise<Commit[]> {
  const objects = await readObjects(git, shas)
  return objects.filter((object) => object.kind === 'commit').map(parseCommit)
}

export async function readCommit(git: Git, sha: string): Promise<Commit | undefined> {
  return (await readCommits(git, [sha]))[0]
}

/** Writes exactly this message: `git commit-tree` would complete the last line. */
export function writeCommit(git: Git, commit: Omit<Commit, 'sha'>): string {
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signatureLine(commit.author)}`,
    `committer ${signatureLine(commit.committer)}`,
  ]
  return writeObject(git, 'commit', `${headers.join('\n')}\n\n${commit.message}`)
}

export async function readTag(git: Git, sha: string): Promise<AnnotatedTag | undefined> {
  const object = (await readObjects(git, [sha]))[0]
  if (object?.kind !== 'tag') return undefined
  const { headers, message } = headersAndMessage(object)
  const first = (name: string) => headers.find(([key]) => key === name)?.[1] ?? ''
  return {
    sha,
    name: first('tag'),
    object: { sha: first('object'), kind: first('type') },
    tagger: parseSignature(first('tagger')),
    message,
  }
}

export function writeTag(git: Git, tag: Omit<AnnotatedTag, 'sha'>): string {
  const headers = [
    `object ${tag.object.sha}`,
    `type ${tag.object.kind}`,
    `tag ${tag.name}`,
    `tagger ${signatureLine(tag.tagger)}`,
  ]
  return writeObject(git, 'tag', `${headers.join('\n')}\n\n${tag.message}`)
}

function parseCommit(object: StoredObject): Commit {
  const { headers, message } = headersAndMessage(object)
  const all = (name: string) => headers.filter(([key]) => key === name).map(([, value]) => value)
  return {
    sha: object.sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parseSignature(all('author')[0] ?? ''),
    committer: parseSignature(all('committer')[0] ?? ''),
    message,
  }
}

function headersAndMessage(object: StoredObject): { headers: [string, string][]; message: string } {
  const text = object.bytes.toString('utf8')
  const end = text.indexOf('\n\n')
  const headers = text.slice(0, end).split('\n').map(keyAndValue)
  return { headers, message: text.slice(end + 2) }
}

function keyAndValue(line: string): [string, string] {
  const space = line.indexOf(' ')
  return [line.slice(0, space), line.slice(space + 1)]
}

function signatureLine(signature: Signature): string {
  const seconds = Math.floor(Date.parse(signature.date) / 1000)
  return `${signature.name} <${signature.email}> ${seconds} +0000`
}

function parseSignature(line: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line) ?? []
  return { name, email, date: isoSeconds(new Date(Number(seconds) * 1000)) }
}

/** GitHub's form of a moment: no milliseconds. */
export function isoSeconds(moment: Date): string {
  return moment.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
