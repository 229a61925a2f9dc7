import type { StepAside } from '../config/detour-recipe.ts'
import { standing } from '../journal/standing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { questionInWords } from '../ledger/obstacle.ts'
import type { OpenDetour } from '../ledger/open-detour.ts'
import type { ProblemWords } from '../problem.ts'
import type { DetourStep } from '../step/step.ts'

/** Returns the detour of an environment that visitors have left home for; null without one. */
export const awayIn = ({ detour }: Pick<Ledger, 'detour'>): OpenDetour | null =>
  detour === null || detour.phase === 'opening' ? null : detour

/** Returns the kind of the step that begins a detour, or goes on in an open one. */
export const beginningIn = (ledger: Pick<Ledger, 'detour'>): DetourStep['kind'] =>
  awayIn(ledger) === null ? 'open-detour' : 'join-detour'

/** Returns a recipe as an open detour has it: its mode is not changed while visitors are on the stand-in. */
export function asOpened(detour: StepAside, ledger: Pick<Ledger, 'detour'>): StepAside {
  const away = awayIn(ledger)
  return away === null ? detour : { ...detour, mode: away.mode }
}

/**
 * Returns the deployment that waits while visitors are on the stand-in, so that a better release may take its place. Once
 * it was decided to bring the database of home back, no release may change that: a stand-in may be home by then.
 */
export function supersededIn({
  deployment,
  ...ledger
}: Pick<Ledger, 'deployment' | 'detour'>): number | null {
  if (deployment === null || awayIn(ledger) === null) return null
  const { visitors, outcome, direction } = standing(deployment.plan, deployment.journal)
  return visitors !== 'home' && outcome === null && direction.database === 'stays' ? deployment.number : null
}

/** Refuses a deployment that would leave visitors on the stand-in of an earlier one, whose question may wait still. */
export function openDetourRefusals(
  { detour, environment, deployment }: Pick<Ledger, 'detour' | 'environment' | 'deployment'>,
  joins: boolean,
): ProblemWords[] {
  if (detour === null || joins) return []
  const pause = deployment === null ? null : standing(deployment.plan, deployment.journal).pause
  if (deployment !== null && pause !== null) return [questionInWords(environment, deployment, pause)]
  return [
    {
      code: 'detour-open',
      what: `The detour ${detour.id} of ${environment} is open since ${detour.since}: visitors may be on the stand-in, which serves ${detour.release.tag}.`,
      why: 'Deployment and detour were left before it was closed. Anything but a deployment of a release with steps.detour.clone would leave visitors there.',
      next: `Deploy a release: it goes on in the same detour, and asks people to look before visitors come home. For the older release that is ${detour.release.tag}. Or close it by name: do: close-detour with the option detour=${detour.id}. Nothing was changed.`,
    },
  ]
}
