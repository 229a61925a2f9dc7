import type { Snapshot } from '../domain/snapshot.ts'
import { counted, link } from './markdown.ts'

/** What the release was checked against before this plan was made; null where nobody looked. */
export function snapshotInWords(snapshot: Snapshot | undefined): string | null {
  if (snapshot === undefined) return null
  switch (snapshot.kind) {
    case 'tag-alone':
      return 'It is a tag alone: there is no GitHub Release of it, and so no manifest that it could be checked against.'
    case 'without-manifest':
      return `Its ${link('GitHub Release', snapshot.url)} has no manifest that it could be checked against. ${keeping(snapshot)}`
    case 'verified':
      return `Checked against the manifest of its ${link('GitHub Release', snapshot.url)}: tag, commit, recipe, versions and ${counted(snapshot.artifacts, 'artifact')} are what they were. ${keeping(snapshot)}`
  }
}

const keeping = ({ immutable }: { readonly immutable: boolean }): string =>
  immutable ? 'GitHub keeps it immutable.' : 'It is **not immutable**: its tag and files can be changed.'
