import type { WorkflowChange } from '../upgrade/upgrade.ts'
import { hunksBetween } from './line-difference.ts'

/** Returns a change as a unified difference, as `git diff` and `patch` write it. */
export function difference(change: WorkflowChange): string {
  if (change.kind === 'keep') return ''
  const { path, before, after } = change
  const [from, to] = [before.replaceAll('\r\n', '\n'), after]
  const names = [from === '' ? '/dev/null' : `a/${path}`, to === '' ? '/dev/null' : `b/${path}`] as const
  return `--- ${names[0]}\n+++ ${names[1]}\n${hunksBetween(from, to)}`
}
