import { duration } from '../../domain/durations.ts'
import type { EngineSeen } from '../../domain/engine/engine-seen.ts'
import { wants } from '../../domain/engine/images.ts'
import { type Direction, onward } from '../../domain/journal/direction.ts'
import type { Event, Handled, Journal } from '../../domain/journal/journal.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { isRelease, sameCommit } from '../../domain/release/release.ts'
import { releasesInTraffic, type SlotsSeen } from '../../domain/rolling/slots.ts'
import { handOverSteps, migrateStep, rollSteps } from '../../domain/step/steps-in.ts'
import { blocks, text } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import type { View } from './view.ts'

/** `to` is null while it still lasts. */
interface Stretch {
  readonly from: string
  readonly to: string | null
}

/** The releases that an instance may give to traffic by the journal: both if they cannot be told apart. */
interface Serves {
  readonly older: boolean
  readonly wanted: boolean
}

/** A change of the release that an instance serves, or another event that matters, at its time. */
interface Turn {
  readonly at: string
  readonly instance?: string
  readonly serves?: Partial<Serves>
  readonly migrates?: true
}

interface Overlaps {
  /** Both releases were in traffic. */
  readonly mixed: readonly Stretch[]
  /** The older release was in traffic after the migration had begun. */
  readonly olderOnNewDatabase: readonly Stretch[]
}

/** Measures from the journal when the two releases lived together. */
export function overlaps(plan: Plan, journal: Journal): Overlaps {
  const serving = new Map<string, Serves>()
  const mixed = stretches()
  const olderOnNew = stretches()
  let migrated = false
  if (plan.from === null || sameCommit(plan.from, plan.release)) return { mixed: [], olderOnNewDatabase: [] }
  for (const roll of rollSteps(plan.steps))
    for (const { name } of roll.service.fleet.instances) serving.set(key(roll.id, name), onlyOlder)
  for (const { id } of handOverSteps(plan.steps)) serving.set(key(id, ''), onlyOlder)
  for (const { at, instance, serves, migrates } of turnsIn(plan, journal)) {
    if (instance !== undefined) serving.set(instance, { ...(serving.get(instance) ?? nothing), ...serves })
    migrated ||= migrates === true
    const there = [...serving.values()]
    const older = there.some((it) => it.older)
    mixed.see(older && there.some((it) => it.wanted), at)
    olderOnNew.see(migrated && older, at)
  }
  return { mixed: mixed.found(), olderOnNewDatabase: olderOnNew.found() }
}

const onlyOlder: Serves = { older: true, wanted: false }
const onlyWanted: Serves = { older: false, wanted: true }
const nothing: Serves = { older: false, wanted: false }

const key = (step: string, instance: string): string => `${step} ${instance}`

/** In the order of time: an event at the end of a change reports earlier moments. */
function turnsIn(plan: Plan, journal: Journal): Turn[] {
  let arrives: Direction = onward
  const turns = journal.flatMap((event): Turn[] => {
    if (event.kind === 'instances-started') arrives = event.direction
    return turnsOf(plan, event, arrives)
  })
  return inOrder([...turns, ...engineTurns(journal)])
}

/** The looks at services on engines: until something is handed over the older release serves. */
function engineTurns(journal: Journal): Turn[] {
  const handed = new Map<string, HandedOverEvent>()
  const arrived = new Set<string>()
  return journal.flatMap((event): Turn[] => {
    if (event.kind === 'handed-over') handed.set(event.step, event)
    if (event.kind !== 'engine-observed' || event.of === 'test-bed') return []
    const seen = servesOnEngine(event.seen, handed.get(event.step))
    if (seen.wanted && handed.get(event.step)?.to === 'new') arrived.add(event.step)
    // Replicas of a release that was never ready get no requests on the way back either.
    const serves = { ...seen, wanted: seen.wanted && arrived.has(event.step) }
    return [{ at: event.at, instance: key(event.step, ''), serves }]
  })
}

type HandedOverEvent = Extract<Event, { kind: 'handed-over' }>

function servesOnEngine({ wanted, replicas }: EngineSeen, handed: HandedOverEvent | undefined): Serves {
  if (handed === undefined) return onlyOlder
  const arrived = wants(wanted, handed.images) && replicas.ready > 0
  const left = replicas.old > 0
  return handed.to === 'new' ? { wanted: arrived, older: left } : { wanted: left, older: arrived }
}

/** Returns turns in the order of time. */
function inOrder(turns: readonly Turn[]): Turn[] {
  return turns.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

function turnsOf(plan: Plan, event: Event, direction: Direction): Turn[] {
  const { at } = event
  switch (event.kind) {
    case 'step-started':
      return event.step === migrateStep(plan.steps)?.id ? [{ at, migrates: true }] : []
    case 'instances-observed':
      return Object.entries(event.instances).map(([name, { version, healthy, slots }]) => {
        const instance = key(event.step, name)
        if (slots !== undefined) return { at, instance, serves: servesInSlots(plan, slots) }
        // An instance that reports no version counts as serving its last one.
        if (healthy && version === null) return { at, instance }
        const wanted = version !== null && isRelease(version, plan.release)
        return { at, instance, serves: !healthy ? nothing : wanted ? onlyWanted : onlyOlder }
      })
    case 'instance-succeeded':
    case 'instance-failed':
      return changeIn(event, direction)
    default:
      return []
  }
}

/**
 * An instance serves its old release until it was out of traffic. One that kept its traffic may serve either
 * until the change has ended, or until the slot of its old release got no requests any more.
 */
function changeIn(event: Event & { step: string; instance: string } & Handled, direction: Direction): Turn[] {
  const { at, outSince, backSince } = event
  const instance = key(event.step, event.instance)
  const [arrives, only] =
    direction.to === 'new'
      ? ([{ wanted: true }, onlyWanted] as const)
      : ([{ older: true }, onlyOlder] as const)
  const beside = outSince !== null && backSince !== null && backSince <= outSince
  const turns: Turn[] = []
  if (beside)
    turns.push({ at: backSince, instance, serves: arrives }, { at: outSince, instance, serves: only })
  else {
    if (outSince !== null) turns.push({ at: outSince, instance, serves: nothing })
    if (backSince !== null) turns.push({ at: backSince, instance, serves: arrives })
  }
  if (event.kind === 'instance-succeeded') turns.push({ at, instance, serves: only })
  return turns
}

function servesInSlots({ release }: Plan, slots: SlotsSeen): Serves {
  const said = releasesInTraffic(slots)
  const isWanted = (version: string): boolean => isRelease(version, release)
  return { wanted: said.some(isWanted), older: said.some((version) => !isWanted(version)) }
}

/** Collects the stretches in which a condition held. */
function stretches() {
  const done: Stretch[] = []
  let since: string | null = null
  return {
    see(so: boolean, at: string): void {
      if (so) since ??= at
      else if (since !== null) {
        if (since < at) done.push({ from: since, to: at })
        since = null
      }
    },
    found: (): Stretch[] => (since === null ? done : [...done, { from: since, to: null }]),
  }
}

/** The two times in which the releases lived together, for the report; null when they did not. */
export function overlapsInWords(view: View): string | null {
  const { plan, journal } = view
  const { mixed, olderOnNewDatabase } = overlaps(plan, journal)
  const older = text(plan.from?.tag ?? '')
  const wanted = text(plan.release.tag)
  const lines = [
    inWords(view, `${older} served on ${databaseInWords(view)}`, olderOnNewDatabase),
    inWords(view, `${older} and ${wanted} served side by side`, mixed),
  ].filter((line) => line !== null)
  if (lines.length === 0) return null
  const why =
    mixed.length === 0 ? null : 'Not everything changes at once, so every rollout has a time of two releases.'
  return blocks('### While both releases lived', lines.map((line) => `- ${line}`).join('\n'), why)
}

function databaseInWords({ plan, journal }: View): string {
  const migrated = journal.some(
    (event) => event.kind === 'step-succeeded' && event.step === migrateStep(plan.steps)?.id,
  )
  const wanted = text(plan.release.tag)
  return migrated ? `the database of ${wanted}` : `a database that ${wanted} had begun to migrate`
}

function inWords(view: View, what: string, found: readonly Stretch[]): string | null {
  const [first] = found
  const last = found.at(-1)
  if (first === undefined || last === undefined) return null

  const total = found.reduce((sum, { from, to }) => sum + between(from, to ?? view.now), 0)
  const many = found.length === 1 ? '' : `, in ${found.length} stretches`
  return last.to === null
    ? `${what} **since ${moment(last.from)}, and it is still so** (${duration(total)} so far${many})`
    : `${what} for **${duration(total)}**: ${moment(first.from)} to ${moment(last.to)}${many}`
}
