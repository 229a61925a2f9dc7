import type { Direction } from '../../domain/journal/direction.ts'
import type { Event, Journal, Observation } from '../../domain/journal/journal.ts'
import type { Standing } from '../../domain/journal/standing.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { isWayBackDecision } from '../../domain/question/decision.ts'
import type { Release } from '../../domain/release/release.ts'
import type { InstanceStanding } from '../../domain/rolling/roll-standing.ts'
import { orderOf, type RolloutOrder } from '../../domain/rolling/rollout-order.ts'
import { releasesInTraffic } from '../../domain/rolling/slots.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import { blocks, code, shorten, table, text } from '../text/markdown.ts'
import { hasBegun } from './timeline.ts'
import type { View } from './view.ts'

const mostRows = 100
const longestFailure = 300

/** The way in which a release came to an instance, and the milliseconds of it. */
type WayThere = Pick<Extract<Event, { kind: 'instance-prepared' }>, 'how' | 'took'>

export interface InstanceRow {
  readonly service: string
  readonly name: string
  readonly standing: InstanceStanding
  /** The release that it is known to run; null if unknown. */
  readonly version: string | null
  /** The release before its change, if nothing newer is known. */
  readonly before: string | null
  /** The releases that its two slots served at the last look; none where it has no slots, or was changed since. */
  readonly beside: readonly string[]
  readonly order: RolloutOrder
  /** True if this deployment has looked at it. */
  readonly seen: boolean
  /** The way in which the release of this direction came to be there; null where it was not prepared. */
  readonly prepared: WayThere | null
  /** True if the deployment has ended: an instance that it did not reach is not reached any more. */
  readonly ended: boolean
}

/** Shows every instance of the services whose rollout has begun, those that need a person first. */
export function instanceTable(view: View, now: Standing): string | null {
  const begun = new Set(view.plan.steps.filter(({ id }) => hasBegun(view.journal, id)).map(({ id }) => id))
  if (![...now.rolls.keys()].some((id) => begun.has(id)))
    return now.rolls.size === 0 ? null : 'No instance was changed.'
  const rows = instanceRows(view, now).toSorted((a, b) => rank(a) - rank(b))
  const many = rows.length > mostRows
  const wanted = many ? rows.filter((row) => needsAPerson(row)) : rows
  const shown = wanted.slice(0, mostRows)
  const further = wanted.slice(mostRows)
  return blocks(
    many ? countsInWords(rows, now.direction) : null,
    shown.length === 0 ? null : tableOf(shown, view.plan, now.direction),
    further.length === 0 ? null : furtherInWords(further, now.direction),
  )
}

export function instanceRows({ plan, journal }: View, now: Standing): InstanceRow[] {
  const looks = lastLooks(journal)
  const ways = waysThere(plan, journal)
  const target = now.direction.to === 'new' ? plan.release : plan.from
  return rollSteps(plan.steps).flatMap((step) =>
    [...(now.rolls.get(step.id)?.instances ?? [])].map(([name, standing]) => ({
      service: step.service.name,
      name,
      standing,
      order: step.service.rollout.order,
      beside: besideIn(looks.get(`${step.id} ${name}`)),
      ...versionOf(step, standing, looks.get(`${step.id} ${name}`), target),
      prepared: ways.get(`${step.service.name} ${name}`) ?? null,
      ended: now.outcome !== null,
    })),
  )
}

/** The last look at an instance, or that it was changed since. */
type LastLook = Observation | 'changed'

function besideIn(look: LastLook | undefined): readonly string[] {
  if (look === undefined || look === 'changed' || look.slots === undefined) return []
  const releases = releasesInTraffic(look.slots)
  return releases.length > 1 ? releases : []
}

/** Tells of each instance how the release of this direction came there: brought once, it is there at every later look. */
function waysThere({ steps }: View['plan'], journal: Journal): ReadonlyMap<string, WayThere> {
  const ways = new Map<string, WayThere>()
  const services = new Map(
    steps.flatMap((step) =>
      'prepares' in step
        ? [[step.id, step.prepares]]
        : 'service' in step
          ? [[step.id, step.service.name]]
          : [],
    ),
  )
  for (const event of journal)
    if (event.kind === 'turned-back' || (event.kind === 'decided' && isWayBackDecision(event.decision)))
      ways.clear()
    else if (event.kind === 'instance-prepared') {
      const instance = `${services.get(event.step)} ${event.instance}`
      if (ways.get(instance)?.how !== 'brought') ways.set(instance, event)
    }
  return ways
}

/** Tells for each instance if it was last looked at or last changed; a look from before a change is old. */
function lastLooks(journal: Journal): ReadonlyMap<string, LastLook> {
  const looks = new Map<string, LastLook>()
  for (const event of journal)
    if (event.kind === 'instances-observed')
      for (const [name, seen] of Object.entries(event.instances)) looks.set(`${event.step} ${name}`, seen)
    else if (event.kind === 'instances-started')
      for (const name of event.instances) looks.set(`${event.step} ${name}`, 'changed')
  return looks
}

/** An instance that was changed has proven its version, if it has a probe for it. */
function versionOf(
  { service }: RollStep,
  { state, version }: InstanceStanding,
  look: LastLook | undefined,
  target: Release | null,
): Pick<InstanceRow, 'version' | 'before' | 'seen'> {
  if (look !== 'changed') return { version, before: null, seen: look !== undefined }
  const proven = state === 'done' && service.version !== null
  return { version: proven ? (target?.tag ?? null) : null, before: version, seen: true }
}

const order = ['failed', 'changing', 'forced', 'excluded', 'pending', 'untouched', 'done', 'left-alone']
const rank = ({ standing }: InstanceRow): number => order.indexOf(standing.state)

const needsAPerson = ({ standing: { state } }: InstanceRow): boolean =>
  state === 'failed' || state === 'changing' || state === 'forced' || state === 'excluded'

const tableOf = (rows: readonly InstanceRow[], plan: Plan, direction: Direction): string =>
  table(
    ['service', 'instance', 'state', 'release', 'what failed'],
    rows.map((row) => [
      code(row.service),
      code(row.name),
      stateInWords(row, direction),
      `${releaseInWords(row, plan, direction)}${wayInWords(row)}`,
      text(shorten(row.standing.failure?.what ?? '', longestFailure)),
    ]),
  )

function stateInWords({ standing: { state }, order, ended }: InstanceRow, direction: Direction): string {
  switch (state) {
    case 'failed':
      return '❌ **failed**'
    case 'changing':
      return '**not finished**'
    case 'forced':
      return `**forced**: ${orderOf(order).whenFailed}`
    case 'excluded':
      return '**excluded**: left as it was'
    case 'pending':
      return `${direction.to === 'new' ? 'not changed' : 'not taken back'}${ended ? '' : ' yet'}`
    case 'untouched':
      return 'not touched'
    case 'done':
      return direction.to === 'new' ? 'done' : 'taken back'
    case 'left-alone':
      return 'right already'
  }
}

const wayInWords = ({ prepared, standing: { state } }: InstanceRow): string =>
  prepared === null || state !== 'done' ? '' : prepared.how === 'there' ? ', was there' : ', was brought'

function releaseInWords(row: InstanceRow, { release, from }: Plan, direction: Direction): string {
  if (row.version !== null) return text(row.version)
  if (row.beside.length > 0) return `**${row.beside.map(text).join(' and ')}**, side by side`
  const target = direction.to === 'new' ? release : from
  if (
    row.standing.state === 'changing' &&
    orderOf(row.order).keepsTraffic &&
    target !== null &&
    row.before !== null
  )
    return `${text(row.before)}, ${text(target.tag)}, or both`
  if (row.standing.state === 'done' && target !== null) return `${text(target.tag)}, not read back`
  if (!row.seen) return 'not looked at'
  return row.before === null ? 'not known' : `not known, it was ${text(row.before)}`
}

/** `web: 240 done, 3 failed` */
function countsInWords(rows: readonly InstanceRow[], direction: Direction): string {
  const services = Map.groupBy(rows, ({ service }) => service)
  return [...services]
    .map(([service, own]) => {
      const states = Map.groupBy(own, (row) => stateInWords(row, direction))
      const counts = [...states].map(([state, some]) => `${some.length} ${state}`)
      return `- ${code(service)}: ${counts.join(', ')}`
    })
    .join('\n')
}

/** Beyond the rows of a table every one is still named. */
function furtherInWords(rows: readonly InstanceRow[], direction: Direction): string {
  const alike = Map.groupBy(rows, (row) => `${code(row.service)}, ${stateInWords(row, direction)}`)
  return blocks(
    'And these:',
    [...alike]
      .map(([what, some]) => `- ${what}: ${some.map(({ name }) => code(name)).join(', ')}`)
      .join('\n'),
  )
}
