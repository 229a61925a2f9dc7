import type { FileDraft } from '../../../init/draft.ts'
import { standings } from '../../../init/standing.ts'
import { show } from '../shown.ts'
import { look, writeNew } from './disk.ts'
import type { SetUp } from './set-up.ts'

/** Writes what is not there. Returns the paths, or null where something is in the way: then nothing is written. */
export function write(
  { seen, asked, say, terminal }: SetUp,
  files: readonly FileDraft[],
): readonly string[] | null {
  const all = standings(files, (path) => look(seen.root, path))
  const blocked = all.flatMap((one) => (one.kind === 'blocked' ? [one] : []))
  for (const { file, words } of blocked)
    show(terminal, {
      tone: 'problem',
      text: `${file.path} cannot be written: ${words}. Nothing was written.`,
    })
  if (blocked.length > 0) return null
  for (const one of all) {
    const { path, text, executable } = one.file
    if (one.kind === 'stays') say(`stays   ${path} (another file is there)`)
    if (one.kind === 'same') say(`stays   ${path}`)
    if (one.kind !== 'new') continue
    if (asked.has('dry-run')) say(`would write ${path}${executable ? ' (executable)' : ''}:\n\n${text}`)
    else {
      writeNew(seen.root, one.file)
      say(`wrote   ${path}`)
    }
  }
  const written = all.flatMap((one) => (one.kind === 'new' ? [one.file.path] : []))
  if (written.length === 0) say('Nothing to do.')
  return written
}
