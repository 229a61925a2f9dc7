import { servesMeanwhile } from '../../domain/config/in-place.ts'
import { unlisted } from '../../domain/config/inventory.ts'
import { otherSide } from '../../domain/detour/side.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes, rollsBack } from '../../domain/plan/modes.ts'
import { type Plan, stepsAside } from '../../domain/plan/plan.ts'
import {
  describeFeasibility,
  type Feasibility,
  feasibility,
  isUnsafe,
} from '../../domain/release/feasibility.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { moveOverStep, rollSteps } from '../../domain/step/steps-in.ts'
import { staysDone } from '../../domain/step/traits.ts'
import { counted, shorten, text } from '../text/markdown.ts'

/** Returns the first line of a plan: both releases, the distance, the rollback, and the capacity. */
export const verdictLine = (plan: Plan, ledger: Ledger | undefined): string =>
  [fromTo(plan), distance(plan), wayBack(plan, ledger), permanent(plan), capacity(plan)]
    .filter((part) => part !== '')
    .join(' · ')

/** The title names the whole tag; the verdict is to stay on one line. */
const longestTag = 40

export function fromTo({ mode, from, release }: Plan): string {
  const tag = `**${text(shorten(release.tag, longestTag))}**`
  const { goesForward, goesBack } = modes[mode]
  if (!goesForward && !goesBack) return tag
  return `${from === null ? 'nothing' : `**${text(shorten(from.tag, longestTag))}**`} → ${tag}${goesBack ? ' (back)' : ''}`
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
  const { restores, bringsRelease } = modes[mode]
  if (restores) return '**what was written since the backup is lost**'
  if (rollsBack(mode))
    return from === null || ledger === undefined
      ? ''
      : `this rollback is ${inShort(feasibility(release, from, ledger))}`
  if (!bringsRelease) return ''
  return back === null
    ? 'no rollback: nothing served before'
    : `rollback to ${text(shorten(back.release.tag, longestTag))} is ${inShort(back.feasibility)}`
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

const namedServices = 3

function capacity(plan: Plan): string {
  if (unlisted(plan).length > 0) return 'hosts unknown until approved'
  const rolls = rollSteps(plan.steps)
  const [only, ...others] = rolls
  if (only === undefined) return ''
  const move = moveOverStep(plan.steps)
  if (move !== null && plan.from !== null) return `visitors stay on ${otherSide(move.to)} until the switch`
  if (stepsAside(plan)) return 'visitors stay on the stand-in meanwhile'
  if (others.length === 0) return `${upIn(only)} ${upIn(only).startsWith('1 ') ? 'stays' : 'stay'} up`
  if (rolls.length <= namedServices)
    return `${rolls.map((step) => `${text(step.service.name)} ${upIn(step)}`).join(', ')} stay up`
  const least = rolls.toSorted((one, other) => share(one) - share(other))[0] ?? only
  return `${counted(rolls.length, 'service')}, the least of ${text(least.service.name)}: ${upIn(least)} stay up`
}

/** An instance that is changed while it serves stays up. */
export const staysUp = ({ service, floor }: Pick<RollStep, 'service' | 'floor'>): number =>
  servesMeanwhile(service) ? service.fleet.instances.length : floor

const share = (step: RollStep): number => staysUp(step) / Math.max(1, step.service.fleet.instances.length)

function upIn(step: RollStep): string {
  const words = `${staysUp(step)} of ${step.service.fleet.instances.length}`
  return staysUp(step) === 0 ? `**${words}**` : words
}
