import { sameText } from '../standing.ts'
import { earlierOf, usesRollgate } from './earlier.ts'
import { isUnedited } from './written.ts'

/** A change of one workflow, on the way to the two of today. */
export type WorkflowChange =
  | { readonly kind: 'add'; readonly path: string; readonly before: ''; readonly after: string }
  | {
      readonly kind: 'replace'
      readonly path: string
      readonly before: string
      readonly after: string
      readonly edited: readonly string[]
    }
  | {
      readonly kind: 'remove'
      readonly path: string
      readonly before: string
      readonly after: ''
      readonly edited: readonly string[]
    }
  /** A workflow that no form takes the place of. */
  | { readonly kind: 'keep'; readonly path: string; readonly words: string }

/** The workflows of 0.1.0 that neither the form nor the clock takes the place of. */
const notInTheForm: Readonly<Record<string, string>> = {
  'rollgate-release.yml': 'it makes releases, and the form only deploys them',
  'rollgate-drift.yml': 'it compares by the clock, and the form (do=compare) only when a person asks',
}

/** Compares the workflows of a repository with those that it would get today. */
export function upgradeOf(
  present: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): readonly WorkflowChange[] {
  const own = [...wanted].flatMap(([path, after]): WorkflowChange[] => {
    const before = present.get(path)
    if (before === undefined) return [{ kind: 'add', path, before: '', after }]
    if (sameText(before, after)) return []
    return [{ kind: 'replace', path, before, after, edited: editedOf(path, before) }]
  })
  const others = [...present].flatMap(([path, before]): WorkflowChange[] => {
    if (wanted.has(path) || !usesRollgate(before)) return []
    const earlier = earlierOf(path, before)
    if (earlier === null)
      return [
        {
          kind: 'keep',
          path,
          words: 'it is a workflow of your own, which uses Rollgate as a step or a call',
        },
      ]
    const reason = notInTheForm[earlier.example]
    if (reason !== undefined) return [{ kind: 'keep', path, words: reason }]
    if (earlier.startsBy !== null)
      return [
        {
          kind: 'keep',
          path,
          words: `it starts by itself (${earlier.startsBy}), and the form only by a person. It calls a reusable workflow, which reaches neither runners nor secrets of another owner`,
        },
      ]
    return [{ kind: 'remove', path, before, after: '', edited: earlier.edited }]
  })
  return [...own, ...others]
}

/** The clock of 0.1.0 has the name of today's, and is one of its examples. */
function editedOf(path: string, before: string): readonly string[] {
  if (isUnedited(before)) return []
  return earlierOf(path, before)?.edited ?? ['(its lines differ from what was once written)']
}
