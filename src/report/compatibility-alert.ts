import type { Pause } from '../domain/decision.ts'
import { alert, text } from './markdown.ts'
import type { View } from './view.ts'

/** What it means that the checks of the serving release did not pass on the new schema; null for any other question. */
export function compatibilityAlert({ plan }: View, { step: id }: Pick<Pause, 'step'>): string | null {
  const step = plan.steps.find((step) => step.id === id)
  if (step?.kind !== 'check-compatibility' || plan.from === null) return null
  const [older, newer] = [text(plan.from.tag), text(plan.release.tag)]
  return alert(
    'WARNING',
    `**${older} serves on the schema of ${newer} at this moment, and there is no safe way back.** The migration has run, and nothing of ${newer} serves yet.`,
    `Is ${older} in trouble? Then going on brings ${newer}, which knows this schema. Is it only the checks? Then put them right by what they need, and try again.`,
    `To end here leaves ${older} on this schema. The migration was called expand, but did not prove to be one: a release that goes with both schemas is to be made.`,
  )
}
