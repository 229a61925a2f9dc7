import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A repository whose workflows and actions are read. */
export interface SourceRepository {
  /** `owner/name`. */
  readonly name: string
  /** The text of a file at a ref, or undefined if there is none. */
  read(path: string, ref: string): string | undefined
  /** The folder that has the files of a ref, where there is one: actions are started in it. */
  readonly folder: string | null
}

export const ownerOf = (repository: string): string => repository.split('/')[0] ?? ''

export const sameOwner = (one: string, other: string): boolean =>
  ownerOf(one).toLowerCase() === ownerOf(other).toLowerCase()

/** A repository whose every ref is the folder as it is. */
export const folderRepository = (name: string, folder: string): SourceRepository => ({
  name,
  folder,
  read(path) {
    const file = join(folder, path)
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined
  },
})

/** A repository that has these texts at every ref. */
export const textRepository = (name: string, files: Readonly<Record<string, string>>): SourceRepository => ({
  name,
  folder: null,
  read: (path) => files[path],
})

/** A bare repository of git. */
export const gitRepository = (name: string, gitDir: string): SourceRepository => ({
  name,
  folder: null,
  read(path, ref) {
    try {
      return execFileSync('git', ['--git-dir', gitDir, 'show', `${ref}:${path}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    } catch {
      return undefined
    }
  },
})
