import { createHash } from 'node:crypto'
import { canonical } from '../canonical.ts'
import type { Plan } from '../plan/plan.ts'
import { type Section, type SectionName, type ShownCommits, sectionNames, sections } from './sections.ts'

/**
 * A plan as the approver saw it, in digests. This travels from the plan job to the job behind the gate, where the plan
 * is made again. It holds no name and no value of a user, so that GitHub has no reason to drop the output.
 */
export interface ShownPlan extends ShownCommits {
  /** Version 1 was the whole plan, as 0.1.0 handed it over. */
  readonly schema: 2
  /** The digest of the whole plan: it alone decides. */
  readonly digest: string
  /** A digest for each section: they tell which part has changed. */
  readonly sections: Readonly<Record<SectionName, string>>
}

export const shownPlan = (plan: Plan): ShownPlan => ({
  schema: 2,
  digest: plan.digest,
  release: plan.release.sha,
  serving: plan.from?.sha ?? null,
  sections: Object.fromEntries(
    sectionNames.map((name) => [name, partDigest(sections[name].part(plan))]),
  ) as Record<SectionName, string>,
})

/** True if a section was shown with this content. */
export const wasShown = (shown: ShownPlan, section: SectionName, part: unknown): boolean =>
  shown.sections[section] === partDigest(part)

/** 96 bits, in an alphabet of 64: a short secret hardly ever stands in such a text, and GitHub drops outputs that hold one. */
const partDigest = (part: unknown): string =>
  createHash('sha256').update(canonical(part)).digest('base64url').slice(0, 16)

/** Returns the differences of the present plan from the shown one, named for a person; empty for equal ones. */
export function differences(shown: ShownPlan, now: Plan): string[] {
  if (shown.digest === now.digest) return []
  const moved = sectionNames.map((name): [SectionName, Section] => [name, sections[name]])
  const words = moved.flatMap(([name, { part, inWords }]) =>
    wasShown(shown, name, part(now)) ? [] : [inWords(now, shown)],
  )
  return words.length > 0 ? words : ['a detail that this version does not name']
}
