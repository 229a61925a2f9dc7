import type { Happening, Journal } from '../journal/journal.ts'
import { choose } from '../journal/next.ts'
import { standing } from '../journal/standing.ts'
import type { ProblemWords } from '../problem.ts'
import { questionOf } from '../question/open-question.ts'
import { awaits, type Pause } from '../question/pause.ts'
import type { Run } from '../release/release.ts'
import type { LeaseKind } from '../step/step-traits.ts'
import { givenBackIn } from './lease.ts'
import { leasesInWords, leaseWords } from './lease-words.ts'
import type { Ledger } from './ledger.ts'
import type { Underway } from './underway.ts'
import { atWorkInWords, openInWords, waitsInWords } from './underway-words.ts'

/** The obstacle to another deployment in an environment. */
export type Obstacle =
  /** A live run gives back a lease that ran out. */
  | { readonly kind: 'giving-back'; readonly lease: LeaseKind; readonly run: Run }
  /** A live run works on a deployment. */
  | { readonly kind: 'at-work'; readonly underway: Underway; readonly run: Run }
  /** A deployment waits for an answer, or for the end of its bake time. */
  | { readonly kind: 'question'; readonly underway: Underway; readonly pause: Pause }
  /** A deployment was left by its run. The next run would finish it, unless a person decides `pause` otherwise. */
  | { readonly kind: 'left'; readonly underway: Underway; readonly pause: Pause }

/** The live runs among those that the ledger names, and the run and time of the look. */
export interface Sighting {
  readonly deploymentIsLive: boolean
  readonly giveBackIsLive: boolean
  readonly looker: { readonly run: Run; readonly by: readonly string[] }
  readonly at: string
}

/**
 * Returns the obstacle to another deployment; null without one. The plan and the run behind the gate use the
 * same rule, so that no reviewer is asked about a deployment that will be refused. A deployment that has
 * changed nothing, or that the next run can close by itself, is no obstacle.
 */
export function obstacleIn(ledger: Ledger, sighting: Sighting): Obstacle | null {
  return atWorkIn(ledger, sighting) ?? (ledger.deployment && unfinished(ledger.deployment, sighting))
}

/** Returns the live run that works on an environment, on whatever; null where none does. */
export function atWorkIn(ledger: Ledger, sighting: Sighting): Obstacle | null {
  const { deployment } = ledger
  const lease = givenBackIn(ledger)
  const run = lease?.givenBackBy ?? null
  if (lease !== null && run !== null && sighting.giveBackIsLive)
    return { kind: 'giving-back', lease: lease.kind, run }
  const holder = deployment?.holder ?? null
  return deployment !== null && holder !== null && sighting.deploymentIsLive
    ? { kind: 'at-work', underway: deployment, run: holder }
    : null
}

function unfinished(underway: Underway, { looker, at }: Sighting): Obstacle | null {
  const { pause } = standing(underway.plan, underway.journal)
  if (pause !== null) return awaits(pause) === 'approval' ? null : { kind: 'question', underway, pause }
  if (underway.holder !== null && endsByItself(underway, at)) return null
  return { kind: 'left', underway, pause: questionOf(underway, { at, kind: 'resumed', ...looker }) }
}

/**
 * True if the next run can close a deployment whose run was lost: nothing has changed, or the changes can be
 * undone.
 */
function endsByItself({ plan, journal }: Underway, at: string): boolean {
  const after = (past: Journal, ...happened: readonly Happening[]): Journal => [
    ...past,
    ...happened.map((happening) => ({ at, ...happening })),
  ]
  let past = after(journal, { kind: 'interrupted', cause: 'lost' })
  for (let undone = 0; undone <= plan.steps.length; undone++) {
    const move = choose(plan, standing(plan, past))
    if (move.kind !== 'undo') return move.kind === 'end'
    const { id: step } = move.step
    past = after(past, { kind: 'undo-started', step }, { kind: 'undo-succeeded', step })
  }
  return false
}

/** Returns the obstacle as the problem of the other deployment. */
export function obstacleInWords(obstacle: Obstacle, { environment, leases }: Ledger): ProblemWords {
  switch (obstacle.kind) {
    case 'giving-back': {
      const { thing, lease, givenBack } = leaseWords[obstacle.lease]
      return {
        code: 'environment-locked',
        what: `The ${thing} of ${environment} is being ${givenBack}, because its ${lease} ran out.`,
        why: `The run that does it is live: ${obstacle.run.url}`,
        next: 'Wait until that run has ended, then run this one again. Nothing was changed.',
      }
    }
    case 'at-work':
      return atWorkInWords(obstacle.underway, environment, obstacle.run)
    case 'question':
      return questionInWords(environment, obstacle.underway, obstacle.pause)
    case 'left': {
      const { pause, underway } = obstacle
      const { mode, release } = underway.plan
      const taken = leasesInWords(leases).map((words) => ` ${words.replace(/^the/, 'The')}.`)
      return {
        code: 'deployment-open',
        what: openInWords(underway, environment),
        why: `Its run was stopped at ${pause.step}, so instances may serve different releases.${taken.join('')}`,
        next: `Run the ${mode} of ${release.tag} again to finish it (only what is not done is done), or answer question ${pause.id} with Rollgate's form: ${pause.options.join(', ')}.`,
      }
    }
  }
}

/** Returns the question of a deployment as the problem of another deployment. */
export function questionInWords(environment: string, underway: Underway, pause: Pause): ProblemWords {
  const waits = awaits(pause) === 'time' ? 'tries its release out' : 'waits for a person'
  return {
    code: 'decision-needed',
    what: waitsInWords(underway, environment, `${waits} at ${pause.step}`),
    why: whyItWaits(pause),
    next: `Answer question ${pause.id} with Rollgate's form: ${pause.options.join(', ')}.`,
  }
}

function whyItWaits(pause: Pause): string {
  switch (pause.kind) {
    case 'wait':
      return `Its test bed is watched until ${pause.until}.`
    case 'bake':
      return `The whole environment is watched until ${pause.until}.`
    case 'approval':
      return 'It has not been approved yet.'
    case 'inspection':
      return `Visitors are on the stand-in since ${pause.since}, until a person has looked at the release.`
    case 'revert-inspection':
      return `Visitors are on the stand-in since ${pause.since}, until a person has looked at the older release.`
    case 'failed-step':
    case 'failed-instances':
    case 'no-capacity':
    case 'verdict':
    case 'halt':
      return pause.failure.what
  }
}
