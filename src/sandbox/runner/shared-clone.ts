import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { looseNames, packedReferences, readValue } from '../github/store/reference-files.ts'

/**
 * Lays what `git clone --shared --no-checkout` would lay, without its processes: each job of a story has a clone of its own.
 * Its objects are those of the bare repository.
 */
export function cloneShared(gitDir: string, folder: string): void {
  const own = join(folder, '.git')
  const parts = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'refs/remotes/origin']
  for (const part of parts) mkdirSync(join(own, part), { recursive: true })
  const head = readFileSync(join(gitDir, 'HEAD'), 'utf8')
  const branch = head.trim().replace('ref: refs/heads/', '')
  const files = {
    HEAD: head,
    config: configOf(gitDir, branch),
    'packed-refs': referencesOf(gitDir, branch),
    'objects/info/alternates': `${join(gitDir, 'objects')}\n`,
    'refs/remotes/origin/HEAD': `ref: refs/remotes/origin/${branch}\n`,
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(own, file), text)
}

const configOf = (gitDir: string, branch: string): string =>
  [
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n',
    `[remote "origin"]\n\turl = ${gitDir}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
    `[branch "${branch}"]\n\tremote = origin\n\tmerge = refs/heads/${branch}\n`,
  ].join('')

/** Tags keep their names, branches become those of the origin, and the default branch has one of its own as well. */
function referencesOf(gitDir: string, branch: string): string {
  const there = { folder: gitDir }
  const names = new Set([...packedReferences(there).keys(), ...looseNames(there)])
  const lines = [...names].sort().flatMap((name) => {
    const sha = readValue(there, name)
    if (name.startsWith('refs/tags/')) return [`${sha} ${name}`]
    if (!name.startsWith('refs/heads/')) return []
    const remote = `${sha} ${name.replace('refs/heads/', 'refs/remotes/origin/')}`
    return name === `refs/heads/${branch}` ? [`${sha} ${name}`, remote] : [remote]
  })
  return lines.map((line) => `${line}\n`).join('')
}
