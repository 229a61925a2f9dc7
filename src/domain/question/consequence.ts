import { describeBackup } from '../backup/backup.ts'
import { orderOf, stopFirst } from '../rolling/rollout-order.ts'
import type { Step } from '../step/step.ts'
import { handOverStep, restoreStep, rollStep } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'
import { type Decision, unreachable } from './decision.ts'
import { instancesOf, type Pause } from './pause.ts'

/** Describes the effect of a decision, for the person who must choose. */
export function describeDecision(decision: Decision, pause: Pause, steps: readonly Step[]): string {
  switch (decision) {
    case 'approve':
      return 'continue with the plan'
    case 'withdraw':
      return 'take your own approval back; the question stays open'
    case 'reject':
      return 'end here; nothing has changed'
    case 'retry':
      return describeRetry(pause)
    case 'force-next':
      return describeForceNext(pause, steps)
    case 'exclude':
      return `leave ${subjectOf(pause)} alone for the rest of this deployment and list it at the end`
    case 'roll-back':
      return backInWords(steps, pause.step)
    case 'complete':
      return completed(pause, steps)
    case 'revert':
      return keepsNoWrites(steps)
        ? 'bring the code back to where visitors left it, and the database with all that they wrote on the stand-in since, then send visitors home'
        : 'bring database and code back to where visitors left them, then send visitors home'
    case 'revert-code':
      return `bring the older release back on the database as it is migrated, then send visitors home${writesLost(steps)}`
    case 'abandon':
      return `end here and leave everything as it is now${engineLeft(pause, steps)}`
    default:
      return unreachable(decision)
  }
}

function backInWords(steps: readonly Step[], id: string): string {
  const step = handOverStep(steps, id)
  if (step === null) return 'take back what was changed, one batch after another, and end'
  return step.unvisited
    ? 'take back what was changed elsewhere, and end; visitors stay where they are, and the engine is told nothing'
    : 'hand over the images from before, take back what else was changed, and end'
}

/** A halt has an engine hold its rollout, if the engine can: the question tells which it did. */
function engineLeft(pause: Pause, steps: readonly Step[]): string {
  if (handOverStep(steps, pause.step) === null) return ''
  if (pause.kind === 'halt') return '; an engine that is held stays held'
  return 'failure' in pause && pause.failure?.code === 'engine-paused'
    ? '; the rollout stays paused on the engine'
    : '; the engine is not stopped'
}

const completed = ({ kind }: Pause, steps: readonly Step[]): string =>
  kind === 'revert-inspection'
    ? 'send visitors home to the older release, and end'
    : `send visitors to the release at home, and remove the stand-in${writesLost(steps)}${restoreLoss(steps)}`

/** True if home does not get what visitors write on the stand-in meanwhile. */
const keepsNoWrites = (steps: readonly Step[]): boolean =>
  steps.some((step) => 'detour' in step && step.detour.mode === 'read-write')

const writesLost = (steps: readonly Step[]): string =>
  keepsNoWrites(steps) ? '; what visitors wrote on the stand-in is lost' : ''

/** The answer that brings visitors home to a backup gives up what they wrote since. */
function restoreLoss(steps: readonly Step[]): string {
  const restore = restoreStep(steps)
  return restore === null ? '' : `; what was written since ${describeBackup(restore.backup)} is lost`
}

function describeRetry(pause: Pause): string {
  switch (pause.kind) {
    case 'verdict':
    case 'wait':
      return 'watch the test bed again, and compare it with the others'
    case 'halt':
      return 'read the signals again, and continue if they are quiet; else ask again'
    case 'approval':
    case 'bake':
    case 'inspection':
    case 'revert-inspection':
    case 'failed-step':
    case 'failed-instances':
    case 'no-capacity':
      return `try ${subjectOf(pause)} again`
  }
}

function describeForceNext(pause: Pause, steps: readonly Step[]): string {
  switch (pause.kind) {
    case 'wait':
      return 'wait no longer, and change the others; the test bed stays as it is'
    case 'verdict':
      return 'change the others anyway; the test bed stays as it is'
    case 'halt':
      return 'continue anyway, with a reason; another signal halts again'
    case 'failed-instances':
      return `leave ${subjectOf(pause)} as it is, ${placeOf(pause, steps)}, and continue with the next`
    case 'approval':
    case 'bake':
    case 'inspection':
    case 'revert-inspection':
    case 'failed-step':
    case 'no-capacity': {
      const step = steps.find(({ id }) => id === pause.step)
      return step === undefined ? 'continue' : traitsOf(step).whenForced
    }
  }
}

/** The place of an instance whose change failed, by the order in which it was changed. */
function placeOf(pause: Pause, steps: readonly Step[]): string {
  const step = rollStep(steps, pause.step)
  return orderOf(step?.service.rollout.order ?? stopFirst).whenFailed
}

const subjectOf = (pause: Pause): string => instancesOf(pause).join(', ') || 'the step'
