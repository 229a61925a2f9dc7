import { createTwoFilesPatch } from 'diff'
import type { WorkflowChange } from '../upgrade/upgrade.ts'

/** Returns a change as a unified difference, as `git diff` and `patch` write it. */
export function difference(change: WorkflowChange): string {
  if (change.kind === 'keep') return ''
  const { path, before, after } = change
  const [from, to] = [before.replaceAll('\r\n', '\n'), after]
  const names = [from === '' ? '/dev/null' : `a/${path}`, to === '' ? '/dev/null' : `b/${path}`] as const
  return createTwoFilesPatch(names[0], names[1], from, to, '', '', { context: 3 })
    .replace(/^=+\n/, '')
    .replaceAll(/^((?:---|\+\+\+) [^\t\n]+)\t$/gm, '$1')
}
