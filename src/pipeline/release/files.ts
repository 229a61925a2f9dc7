import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { Problem } from '../../domain/problem.ts'
import { manifestName } from '../../domain/release/manifest.ts'
import { mediaTypeOf } from '../../domain/release/media-type.ts'
import type { LocalFile, NewFile, Workspace } from '../ports.ts'

/** The files that the patterns mean, each once. Throws for a pattern without files, and for names that cannot be kept. */
export async function filesOf(workspace: Workspace, patterns: readonly string[]): Promise<NewFile[]> {
  const byPath = new Map<string, LocalFile>()
  for (const pattern of patterns) {
    const found = await workspace.files(pattern)
    if (found.length === 0) throw nothingThere(pattern)
    for (const file of found) byPath.set(file.path, file)
  }
  const files = [...byPath.values()]
  for (const file of files) checkName(file, files)
  return Promise.all(
    files.map(async ({ path, content }) => ({
      name: basename(path),
      mediaType: mediaTypeOf(path),
      content,
      sha256: await digestOf(content),
    })),
  )
}

async function digestOf(content: Blob): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of content.stream()) hash.update(chunk)
  return hash.digest('hex')
}

function checkName(file: LocalFile, files: readonly LocalFile[]): void {
  const name = basename(file.path)
  if (name === manifestName) throw unfit(file.path, `has the name of the manifest itself`)
  if (!/^[\w+@-][\w.+@-]*$/.test(name)) throw unfit(file.path, 'has letters in its name that GitHub replaces')
  if (file.content.size === 0) throw unfit(file.path, 'is empty, and GitHub takes no empty files')
  const other = files.find(({ path }) => path !== file.path && basename(path) === name)
  if (other !== undefined) throw unfit(file.path, `and ${other.path} have the same name in a release`)
}

const unfit = (path: string, because: string) =>
  new Problem('input-invalid', {
    what: `The artifact ${path} ${because}.`,
    why: 'The files of a GitHub Release stand side by side, without folders, under their own names.',
    next: 'Give it another name, of letters, digits and . _ + @ -. Nothing was created.',
  })

const nothingThere = (pattern: string) =>
  new Problem('artifact-missing', {
    what: `No file in the checkout fits the pattern ${pattern} of the input artifacts.`,
    why: 'It was not built in this job, or lies elsewhere: patterns are seen from the input working-directory.',
    next: 'Build it before this step, or correct the pattern. Nothing was created.',
  })
