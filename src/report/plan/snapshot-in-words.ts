import type { Published, Snapshot } from '../../domain/release/snapshot.ts'
import { code, counted, link } from '../text/markdown.ts'

/** Names the snapshot that the release was checked against before this plan was made; null without one. */
export function snapshotInWords(snapshot: Snapshot | null): string | null {
  if (snapshot === null) return null
  switch (snapshot.kind) {
    case 'tag-alone':
      return 'It is a tag alone: there is no GitHub Release of it, and so no manifest that it could be checked against.'
    case 'without-manifest':
      return `Its ${link('GitHub Release', snapshot.url)} has no manifest that it could be checked against. ${keeping(snapshot)}`
    case 'verified':
      return `Checked against the manifest of its ${link('GitHub Release', snapshot.url)}: tag, commit, recipe, versions and ${counted(snapshot.artifacts, 'artifact')} are what they were. ${keeping(snapshot)}`
  }
}

function keeping({ immutable, tagRules = [] }: Published): string {
  if (immutable) return 'GitHub keeps it immutable.'
  if (tagRules === 'unknown')
    return 'It is **not immutable**: its files can be changed. It is unknown whether a ruleset keeps its tag: GitHub does not show the rules.'
  if (tagRules.length === 0) return 'It is **not immutable**: its tag and files can be changed.'
  const rulesets = `${tagRules.length === 1 ? 'ruleset' : 'rulesets'} ${tagRules.map(code).join(', ')}`
  return `Its tag is kept by the ${rulesets}; but it is **not immutable**: its files can be changed.`
}
