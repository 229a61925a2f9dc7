import { servesMeanwhile } from '../../domain/config/in-place.ts'
import { isWaitedFor } from '../../domain/config/recipe.ts'
import { duration } from '../../domain/durations.ts'
import { databaseSchema } from '../../domain/ledger/database-schema.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes, rollsBack } from '../../domain/plan/modes.ts'
import { type Plan, servicesIn } from '../../domain/plan/plan.ts'
import { unreachable } from '../../domain/question/decision.ts'
import type { HandOverStep, RollStep, Step, StepOf } from '../../domain/step/step.ts'
import { suspendStep } from '../../domain/step/steps-in.ts'
import { code, table, text } from '../text/markdown.ts'

interface Situation {
  readonly scheduler: string
  readonly database: string
  /** The release that each service runs, by the service's name. */
  readonly services: ReadonlyMap<string, string>
  readonly risk: string
  /** True while visitors are on the stand-in. */
  readonly away: boolean
}

/** Shows the state of the application after each step that changes it, and the risk meanwhile. */
export function applicationStates(plan: Plan, ledger?: Ledger): string {
  const first = initial(plan, ledger)
  const states = [{ name: 'before', now: first }]
  for (const step of plan.steps) {
    const before = states.at(-1)?.now ?? first
    const now = after(plan, step, before)
    if (now !== null)
      states.push({ name: code(step.id), now: before.away && now.away ? aside(plan, now) : now })
  }
  return table(
    ['after step', 'scheduler', 'database', 'services', 'risk'],
    states.map(({ name, now }) => [name, now.scheduler, now.database, servicesInWords(now), now.risk]),
  )
}

function initial(plan: Plan, ledger: Ledger | undefined): Situation {
  return {
    scheduler: suspendStep(plan.steps) === null ? 'not touched' : 'as it is',
    database: ledger === undefined ? 'as it is' : schemaInBrief(ledger),
    services: new Map(servicesIn(plan).map((name) => [name, older(plan)])),
    risk: '–',
    away: false,
  }
}

/** Changes at home meanwhile reach no visitor. */
const aside = (plan: Plan, now: Situation): Situation => ({
  ...now,
  risk: `none at home: visitors are on the stand-in with ${older(plan)}`,
})

const restored = ({ backup }: StepOf<'restore'>, now: Situation): Situation => ({
  ...now,
  database: `as in ${text(backup.name)}`,
  risk: '**what was written since is lost**',
})

/** Null for a step that changes nothing of the application. */
function after(plan: Plan, step: Step, now: Situation): Situation | null {
  switch (step.kind) {
    case 'source':
    case 'approve':
    case 'build':
    case 'prepare':
    case 'backup':
    case 'check-compatibility':
    case 'verify':
    case 'bake':
      return null
    case 'configure-broker':
      return { ...now, risk: 'the broker has changed under the running services' }
    case 'pre-deploy':
    case 'pre-configure':
      return { ...now, risk: 'what the hook does' }
    case 'suspend-scheduler': {
      const { drainTimeout, onTimeout } = step.scheduler
      if (!isWaitedFor(step.scheduler))
        return { ...now, scheduler: 'suspended, **not drained**', risk: 'no job starts; running ones go on' }
      const drained =
        onTimeout === 'proceed' ? `drained, or ${duration(drainTimeout)} have passed` : 'drained'
      return { ...now, scheduler: `suspended, ${drained}`, risk: 'no job starts' }
    }
    case 'deploy-scheduler':
      return { ...now, scheduler: `${wanted(plan)}, paused`, risk: 'no job starts' }
    case 'migrate':
    case 'reset':
      return migrated(plan, step.phase, now)
    case 'restore':
      return restored(step, now)
    case 'open-maintenance':
      return { ...now, risk: '**visitors see the maintenance page**' }
    case 'open-detour':
    case 'join-detour':
      return {
        ...now,
        away: true,
        risk: `the stand-in serves ${older(plan)}, ${step.detour.mode === 'read-only' ? 'and takes no writes' : 'and **what is written there is lost**'}`,
      }
    case 'inspect':
    case 'discard-failed-home':
      return null
    case 'copy-over':
      return { ...now, database: `a copy on ${step.to}`, risk: '**writers wait until visitors move**' }
    case 'move-over':
      return { ...now, risk: `${older(plan)} stays up on the side that visitors leave` }
    case 'close-detour':
      return { ...now, away: false, risk: '–' }
    case 'close-maintenance':
      return { ...now, risk: isMixed(plan, now) ? `${older(plan)} still serves` : '–' }
    case 'roll-back-migration':
      return { ...now, database: `as before ${text(step.release.tag)}`, risk: '–' }
    case 'complete-migration':
      return { ...now, database: `migrated by ${text(step.release.tag)}, completed`, risk: '–' }
    case 'resume-scheduler':
      return {
        ...now,
        scheduler: now.scheduler.endsWith(', paused') ? `${wanted(plan)}, on` : 'on',
        risk: isMixed(plan, now) ? `jobs start while ${older(plan)} still serves` : '–',
      }
    case 'roll-services':
      return rolled(plan, step, now)
    case 'hand-over':
      return handedOver(plan, step, now)
    case 'record-version':
      return {
        ...now,
        risk: rollsBack(plan.mode) ? `${wanted(plan)} works on data that ${older(plan)} has written` : '–',
      }
    case 'task':
      return { ...now, risk: 'what the task does' }
    case 'hook':
      return { ...now, risk: 'what the hook does' }
    case 'post-configure':
    case 'post-deploy':
      return { ...now, risk: 'none for what serves; it only takes longer' }
    default:
      return unreachable(step)
  }
}

function schemaInBrief(ledger: Ledger): string {
  const known = databaseSchema(ledger)
  if (known.kind === 'unknown') return 'as it is'
  return known.kind === 'migrated' ? `schema ${text(known.version)}` : 'in doubt'
}

/** Returns false if the scheduler is suspended without waiting for its jobs. */
const isDrained = ({ steps }: Plan): boolean => {
  const step = suspendStep(steps)
  return step === null || isWaitedFor(step.scheduler)
}

function migrated(plan: Plan, phase: 'expand' | 'contract', now: Situation): Situation {
  // An older release does not bring its older schema back.
  const schema = plan.relation === 'ahead' || plan.relation === 'first' ? plan.release.schemaVersion : null
  const risk =
    phase === 'contract'
      ? `**${older(plan)} no longer works on this database, until every service is done**`
      : `${older(plan)} serves on a database that ${wanted(plan)} has migrated`
  const beside = isDrained(plan) ? '' : ', **beside jobs that still run**'
  return {
    ...now,
    database: schema === null ? `migrated by ${wanted(plan)}` : `schema ${text(schema)}`,
    risk: `${plan.from === null ? 'nothing serves yet' : risk}${beside}`,
  }
}

function rolled(plan: Plan, step: RollStep, now: Situation): Situation {
  const services = new Map(now.services).set(step.service.name, wanted(plan))
  const mixed = `${older(plan)} and ${wanted(plan)} serve together: calls across the two may fail`
  return { ...now, services, risk: rollRisk(plan, step, mixed) }
}

function handedOver(plan: Plan, step: HandOverStep, now: Situation): Situation {
  const services = new Map(now.services).set(step.service.name, wanted(plan))
  return { ...now, services, risk: engineRisk(plan) }
}

function engineRisk(plan: Plan): string {
  if (plan.from === null) return 'nothing served here before'
  if (modes[plan.mode].findsServing) return 'the engine replaces replicas at its own pace'
  return `${older(plan)} and ${wanted(plan)} serve together, at the pace of the engine`
}

function rollRisk({ from, mode }: Plan, step: RollStep, mixed: string): string {
  if (from === null) return 'nothing served here before'
  const down = step.floor === 0 && step.batches.length <= 1 && !servesMeanwhile(step.service)
  if (down) return `${text(step.service.name)} is down meanwhile`
  if (modes[mode].findsServing && servesMeanwhile(step.service)) return 'every instance serves meanwhile'
  return modes[mode].findsServing ? 'fewer instances serve meanwhile' : `meanwhile ${mixed}`
}

const isMixed = (plan: Plan, { services }: Situation): boolean =>
  plan.from !== null &&
  !modes[plan.mode].findsServing &&
  [...services.values()].some((tag) => tag !== wanted(plan))

function servicesInWords({ services }: Situation): string {
  const tags = new Set(services.values())
  if (services.size === 0) return 'not touched'
  return tags.size === 1
    ? [...tags].join('')
    : [...services].map(([name, tag]) => `${text(name)} ${tag}`).join(', ')
}

const wanted = (plan: Plan): string => text(plan.release.tag)
const older = (plan: Plan): string => (plan.from === null ? 'nothing' : text(plan.from.tag))
