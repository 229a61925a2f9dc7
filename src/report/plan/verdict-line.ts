import { unlisted } from '../../domain/config/inventory.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import {
  describeFeasibility,
  type Feasibility,
  feasibility,
  isUnsafe,
} from '../../domain/release/feasibility.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import { staysDone } from '../../domain/step/traits.ts'
import { counted, text } from '../text/markdown.ts'

/** Returns the first line of a plan: both releases, the distance, the rollback, and the capacity. */
export const verdictLine = (plan: Plan, ledger: Ledger | undefined): string =>
  [fromTo(plan), distance(plan), wayBack(plan, ledger), permanent(plan), capacity(plan)]
    .filter((part) => part !== '')
    .join(' · ')

function fromTo({ mode, from, release }: Plan): string {
  const tag = `**${text(release.tag)}**`
  const { goesForward, goesBack } = modes[mode]
  if (!goesForward && !goesBack) return tag
  return `${from === null ? 'nothing' : `**${text(from.tag)}**`} → ${tag}${goesBack ? ' (back)' : ''}`
}

function distance({ relation, commits }: Plan): string {
  switch (relation) {
    case 'first':
      return 'first release'
    case 'identical':
      return ''
    case 'ahead':
      return counted(commits, 'commit')
    case 'behind':
      return `${counted(commits, 'commit')} back`
    case 'diverged':
      return `diverged, ${counted(commits, 'commit')} apart`
    case 'unknown':
      return '**cannot be compared**'
  }
}

/** For a rollback the verdict is on itself; for a deployment on the rollback that may follow it. */
function wayBack({ mode, from, release, wayBack: back }: Plan, ledger: Ledger | undefined): string {
  const { goesBack, bringsRelease } = modes[mode]
  if (goesBack)
    return from === null || ledger === undefined
      ? ''
      : `this rollback is ${inShort(feasibility(release, from, ledger))}`
  if (!bringsRelease) return ''
  return back === null
    ? 'no rollback: nothing served before'
    : `rollback to ${text(back.release.tag)} is ${inShort(back.feasibility)}`
}

function inShort(verdict: Feasibility): string {
  if (isUnsafe(verdict)) return '**not safe**'
  switch (verdict.kind) {
    case 'safe':
      return 'safe'
    case 'config-differs':
      return 'safe, with another config'
    default:
      return `**${text(describeFeasibility(verdict).split(/[,:]/)[0] ?? verdict.kind)}**`
  }
}

function permanent(plan: Plan): string {
  const stays = plan.steps.filter((step) => staysDone(plan, step)).length
  return stays === 0 ? 'every step can be undone' : `${counted(stays, 'step')} cannot be undone`
}

function capacity(plan: Plan): string {
  if (unlisted(plan).length > 0) return 'hosts unknown until approved'
  const rolls = rollSteps(plan.steps)
  if (rolls.length === 0) return ''
  const each = rolls.map(({ service, floor }) => {
    const up = `${floor} of ${service.fleet.instances.length}`
    return rolls.length === 1 ? up : `${text(service.name)} ${up}`
  })
  return `at least ${each.join(', ')} up`
}
