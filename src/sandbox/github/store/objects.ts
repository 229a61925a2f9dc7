import type { Git, ObjectKind, StoredObject } from './git.ts'

/** The objects of these full SHAs; what does not exist is left out. */
export async function readObjects(git: Git, shas: readonly string[]): Promise<StoredObject[]> {
  const { objects } = git
  const unknown = shas.filter((sha) => isFullSha(sha) && !objects.has(sha))
  if (unknown.length > 0) {
    const output = await git.run(['cat-file', '--batch'], { input: `${unknown.join('\n')}\n` })
    for (const object of batchEntries(output)) objects.set(object.sha, object)
  }
  return shas.flatMap((sha) => objects.get(sha) ?? [])
}

export async function readObject(git: Git, sha: string): Promise<StoredObject | undefined> {
  return (await readObjects(git, [sha]))[0]
}

export async function hasObject(git: Git, sha: string, kind: ObjectKind): Promise<boolean> {
  return (await readObject(git, sha))?.kind === kind
}

/** Writes a raw object and returns its SHA. */
export async function writeObject(git: Git, kind: ObjectKind, content: Buffer | string): Promise<string> {
  const sha = await git.text(['hash-object', '-w', '-t', kind, '--stdin'], { input: content })
  git.objects.set(sha, { sha, kind, bytes: Buffer.from(content) })
  return sha
}

export function isFullSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/** `cat-file --batch` answers `<sha> <kind> <size>\n<bytes>\n` or `<sha> missing\n`, in the order asked. */
function batchEntries(output: Buffer): StoredObject[] {
  const objects: StoredObject[] = []
  let position = 0
  while (position < output.length) {
    const lineEnd = output.indexOf('\n', position)
    const [sha = '', kind = '', size = '0'] = output.toString('utf8', position, lineEnd).split(' ')
    position = lineEnd + 1
    if (kind === 'missing') continue
    const end = position + Number(size)
    objects.push({ sha, kind: kind as ObjectKind, bytes: output.subarray(position, end) })
    position = end + 1
  }
  return objects
}
