import { mostChanges } from '../../domain/engine/manifests.ts'
import { blocks, code, counted, details, fenced, text } from '../text/markdown.ts'
import type { View } from './view.ts'

/** Shows what the manifests of each service have changed, folded away; null where none was applied. */
export function manifestsInWords({ journal }: View): string | null {
  const compared = journal.flatMap((event) => (event.kind === 'manifests-compared' ? [event] : []))
  if (compared.length === 0) return null
  return blocks(
    ...compared.map(({ step, files, tail, why }) => {
      const of = files.map(({ path, sha256 }) => `${code(path)} (${code(`sha256:${sha256.slice(0, 12)}`)})`)
      const title = `Manifests of ${text(step)}: ${why === null ? changesInBrief(tail) : 'not compared with the cluster'}`
      return details(
        title,
        blocks(text(why ?? ''), of.join(', '), tail.length === 0 ? '' : fenced(tail, 'text')),
      )
    }),
  )
}

function changesInBrief({ length }: readonly string[]): string {
  if (length > mostChanges) return `more than ${mostChanges} changes`
  return length === 0 ? 'no change' : counted(length, 'change')
}
