import { duration } from '../../domain/durations.ts'
import type { StepOf } from '../../domain/step/step.ts'
import { code } from '../text/markdown.ts'
import { commandInBrief } from './command-in-brief.ts'

/** Describes what the front door must answer, as Markdown. */
export function verifiedBy({ http, command, attempts }: StepOf<'verify'>): string[] {
  const tries = attempts === 1 ? '' : `, ${attempts} tries`
  return [
    ...(http === null ? [] : [`${code(http.url)} must answer 200${tries}`]),
    ...(command === null ? [] : [`${commandInBrief(command)}${tries}`]),
  ]
}

/** Describes a bake, as Markdown. */
export function bakedBy({ on, lasts, figures, atMost }: StepOf<'bake'>): string[] {
  const limits = Object.entries(atMost).map(([name, limit]) => `${code(name)} at most ${limit}`)
  const carried =
    on === 'run'
      ? `the run stays for ${duration(lasts)}, and its minutes count`
      : 'the clock carries it, without minutes'
  return [
    ...(limits.length === 0 ? [] : [limits.join(', ')]),
    ...(figures?.kind === 'run' ? [commandInBrief(figures.command)] : []),
    carried,
  ]
}

export const onFailureInWords = {
  ask: 'a failure asks',
  'roll-back': 'a failure rolls back unasked',
} as const
