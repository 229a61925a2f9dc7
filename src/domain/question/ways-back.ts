import { isChangedAside } from '../detour/going-back.ts'
import { losingAnswer } from '../detour/own/own.ts'
import type { Standing } from '../journal/standing.ts'
import type { Plan } from '../plan/plan.ts'
import { checkStep, contracts, migrateStep, restoreStep } from '../step/steps-in.ts'
import { noneBefore } from '../step/traits/undo.ts'
import type { Decision } from './decision.ts'
import type { Pause } from './pause.ts'

/** Decisions that a question does not take, each with the reason. */
export type Withheld = Partial<Record<Decision, string>>

/** Returns the ways back that a question may offer: in a detour with the database or without it. */
export const waysBack = (plan: Plan, now: Standing): Decision[] =>
  isChangedAside(plan, now) ? ['revert', 'revert-code'] : ['roll-back']

/** Returns the ways back that are not open, each with the reason. */
export function wayBackWithheld(plan: Plan, now: Standing): Withheld {
  const none = noneBefore(plan)
  if (isChangedAside(plan, now))
    return none === null ? notOnBackup(plan, now) : { revert: none, 'revert-code': none }
  if (none !== null) return { 'roll-back': none }
  const older = plan.from?.tag ?? ''
  const migrate = migrateStep(plan.steps)
  const checks = checkStep(plan.steps)
  const begun = contracts(plan.steps) && migrate !== null && now.steps.get(migrate.id)?.startedAt !== null
  if (begun) return { 'roll-back': `${older} cannot work on the database after a contract migration` }
  return checks !== null && isForced(now, checks.id)
    ? { 'roll-back': `the checks of ${older} did not pass on the migrated database` }
    : {}
}

/** A way back in code alone would leave the release on a database that it never had. */
function notOnBackup({ from, steps }: Plan, now: Standing): Withheld {
  const restore = restoreStep(steps)
  const begun = restore !== null && now.steps.get(restore.id)?.startedAt !== null
  return begun
    ? {
        'revert-code': `the database of home is ${restore.backup.name}, and not the one of ${from?.tag ?? ''}`,
      }
    : {}
}

/** Returns why a detour is not completed while its deployment has failed; nothing outside of a detour. */
export const completionWithheld = (plan: Plan, now: Standing, step: string): Withheld =>
  isChangedAside(plan, now)
    ? {
        complete: `${step} did not end well, so that no person has looked at ${plan.release.tag}: retry, or abandon and deploy next, in the same detour, ${plan.release.tag} again if its surroundings failed, or a fixed release`,
      }
    : {}

/** Returns the losses that a way back in code accepts, each of which needs a reason. */
export function acceptedIn(plan: Plan, now: Standing): Pick<Pause, 'accepts'> {
  if (isChangedAside(plan, now))
    return contracts(plan.steps)
      ? {
          accepts: {
            'revert-code': `${plan.from?.tag ?? ''} does not work on the database after a contract migration`,
          },
        }
      : {}
  const losing = losingAnswer(plan, now)
  return losing === null ? {} : { accepts: { [losing]: 'what was written since the switch is lost' } }
}

/** While its failure is the question, only the schema is new, and the serving release may keep serving. */
const isForced = (now: Standing, id: string): boolean => now.steps.get(id)?.state === 'forced'
