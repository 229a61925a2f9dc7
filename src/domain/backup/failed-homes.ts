import type { FailedHome } from '../detour/by-name/failed-home.ts'
import type { Happening } from '../journal/journal.ts'
import type { Step } from '../step/step.ts'
import { isReversion } from './restored-by.ts'

type Failed = readonly FailedHome[]

/** Returns the failed homes after a deed of a detour. A deed that a resumed run repeats names the same home again. */
export function withFailedHome(
  before: Failed,
  event: Pick<Extract<Happening, { kind: 'detour-deed' }>, 'deed' | 'detour' | 'evidence'>,
  { at: since, deployment }: { readonly at: string; readonly deployment: number },
): Failed {
  const { kept: where } = event.evidence
  if (where === undefined || !isReversion(event)) return before
  const { detour } = event
  return before.some((one) => one.detour === detour)
    ? before
    : [...before, { detour, where, since, deployment }]
}

/** Returns the failed homes without the one that a step has removed. */
export const withoutFailedHome = (before: Failed, step: Step): Failed =>
  'failed' in step ? before.filter(({ detour }) => detour !== step.failed.detour) : before
