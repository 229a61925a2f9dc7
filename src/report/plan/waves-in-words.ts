import { duration } from '../../domain/durations.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { blocks, code, text } from '../text/markdown.ts'

/** Says which environments follow by themselves; null where none does. */
export function wavesInWords({ mode, environment, release }: Plan): string | null {
  const { bringsRelease, goesBack } = modes[mode]
  if (environment.waves.length === 0 || !bringsRelease || goesBack) return null
  const each = environment.waves.map(({ environment: next, lasts }) =>
    lasts === 0
      ? code(next)
      : `${code(next)}, after ${code(environment.name)} has kept it for ${duration(lasts)}`,
  )
  return `Once ${text(release.tag)} is proven here it goes on by itself, in a run of its own with its own gate: ${each.join('; ')}.`
}

export function wavesAhead(plan: Plan): string | null {
  const words = wavesInWords(plan)
  return words === null ? null : blocks('### What follows', words)
}
