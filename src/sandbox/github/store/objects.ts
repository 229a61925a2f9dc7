import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { constants, deflateSync, inflateSync } from 'node:zlib'
import type { Git, ObjectKind, StoredObject } from './git.ts'

/**
 * Objects lie in the repository as git itself lays them there, one file an object. They are read and written without a git
 * process, because each request asks for several; only packs are left to git.
 */

/** Returns the objects of these full SHAs; missing ones are left out. */
export async function readObjects(git: Git, shas: readonly string[]): Promise<StoredObject[]> {
  const unknown = shas.filter((sha) => isFullSha(sha) && known(git, sha) === undefined)
  if (unknown.length > 0 && hasPacks(git)) {
    const output = await git.run(['cat-file', '--batch'], { input: `${unknown.join('\n')}\n` })
    for (const object of batchEntries(output)) git.objects.set(object.sha, object)
  }
  return shas.flatMap((sha) => git.objects.get(sha) ?? [])
}

export async function readObject(git: Git, sha: string): Promise<StoredObject | undefined> {
  return (await readObjects(git, [sha]))[0]
}

export async function hasObject(git: Git, sha: string, kind: ObjectKind): Promise<boolean> {
  return (await readObject(git, sha))?.kind === kind
}

/** Writes a raw object and returns its SHA. */
export function writeObject(git: Git, kind: ObjectKind, content: Buffer | string): string {
  const bytes = Buffer.from(content)
  const raw = Buffer.concat([Buffer.from(`${kind} ${bytes.length}\0`), bytes])
  const sha = createHash('sha1').update(raw).digest('hex')
  if (known(git, sha) === undefined) lay(fileOf(git, sha), raw)
  git.objects.set(sha, { sha, kind, bytes })
  return sha
}

export function isFullSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/** The object from memory, or from its file. An object never changes, so memory is as good as the file. */
function known(git: Git, sha: string): StoredObject | undefined {
  const object = git.objects.get(sha) ?? loose(git, sha)
  if (object !== undefined) git.objects.set(sha, object)
  return object
}

function loose(git: Git, sha: string): StoredObject | undefined {
  const file = fileOf(git, sha)
  if (!existsSync(file)) return undefined
  const raw = inflateSync(readFileSync(file))
  const start = raw.indexOf(0) + 1
  const [kind = ''] = raw.toString('latin1', 0, start).split(' ')
  return { sha, kind: kind as ObjectKind, bytes: raw.subarray(start) }
}

/** In one rename, so that a git client never reads half an object. */
function lay(file: string, raw: Buffer): void {
  const draft = path.join(path.dirname(file), `tmp_obj_${randomUUID()}`)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(draft, deflateSync(raw, { level: constants.Z_BEST_SPEED }), { mode: 0o444 })
  renameSync(draft, file)
}

const fileOf = ({ folder }: Git, sha: string) => path.join(folder, 'objects', sha.slice(0, 2), sha.slice(2))

const hasPacks = ({ folder }: Git): boolean =>
  readdirSync(path.join(folder, 'objects', 'pack')).some((name) => name.endsWith('.idx'))

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
