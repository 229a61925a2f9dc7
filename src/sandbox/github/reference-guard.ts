import path from 'node:path'
import type { ReleaseBook } from './answers/release-book.ts'
import type { TagRuleset } from './answers/rulesets.ts'
import { Refusal } from './reply.ts'
import type { Site } from './site.ts'
import { isFullSha } from './store/objects.ts'
import { workflowLogin } from './tokens.ts'
import { differsFromEveryBranch } from './workflow-files.ts'

type ReferenceChange = TagRuleset['rules'][number]

/** The rules that stand between a request and a reference. */
export interface ReferenceGuard {
  /** Throws the refusal of a ruleset, or of a release that fixed its tag. */
  require(ref: string, change: ReferenceChange): void
  /** Throws the refusal of a workflow's token that would bring other workflows. */
  requireWorkflows(ref: string, sha: string, actor: string): Promise<void>
}

export function guardOf(site: Site, book: ReleaseBook, rulesets: readonly TagRuleset[]): ReferenceGuard {
  return {
    require(ref, change) {
      const tag = ref.replace(/^refs\/tags\//, '')
      if (tag === ref) return
      const covered = rulesets.some((ruleset) => covers(ruleset, ref) && ruleset.rules.includes(change))
      const isFixed = book.all.some((release) => release.tag === tag && release.immutable && !release.draft)
      if (covered && site.inForce('ruleset-keeps-tags')) throw violation(change)
      if (change === 'creation' && book.isBurned(tag)) throw violation(change)
      if (change !== 'creation' && isFixed && site.inForce('immutable-tag-is-fixed')) throw violation(change)
    },
    async requireWorkflows(ref, sha, actor) {
      if (actor !== workflowLogin || !/^refs\/(?:heads|tags)\//.test(ref) || !isFullSha(sha)) return
      if (!site.inForce('workflows-in-moved-references')) return
      if (!(await differsFromEveryBranch(site, sha))) return
      throw new Refusal(
        403,
        'Resource not accessible by integration',
        {},
        { 'x-accepted-github-permissions': 'contents=write,workflows=write' },
      )
    },
  }
}

/** The patterns are those of file names; `*` is no `/`. */
function covers({ enforcement, include, exclude }: TagRuleset, ref: string): boolean {
  const means = (pattern: string) => pattern === '~ALL' || path.posix.matchesGlob(ref, pattern)
  return enforcement === 'active' && include.some(means) && !exclude.some(means)
}

const words: Readonly<Record<ReferenceChange, string>> = {
  creation: 'Cannot create ref due to creations being restricted.',
  update: 'Cannot update this protected ref.',
  deletion: 'Cannot delete this protected ref.',
}

const violation = (change: ReferenceChange): Refusal =>
  new Refusal(422, `Repository rule violations found\n\n${words[change]}\n\n`)
