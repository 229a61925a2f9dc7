import type { Event, Journal } from '../domain/journal.ts'
import type { Plan } from '../domain/plan.ts'
import { between, duration, moment } from './durations.ts'
import { blocks, text } from './markdown.ts'
import type { View } from './view.ts'

/** `to` is null while it still lasts. */
interface Stretch {
  readonly from: string
  readonly to: string | null
}

/** Which release an instance gives to traffic, as far as the journal tells. */
type Serves = 'older' | 'wanted' | 'nothing'

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
  let arrives: Serves = 'wanted'
  if (plan.from === null || plan.from.sha === plan.release.sha) return { mixed: [], olderOnNewDatabase: [] }
  for (const roll of plan.steps.filter((step) => step.kind === 'roll-services'))
    for (const { name } of roll.service.fleet.instances) serving.set(key(roll.id, name), 'older')
  for (const event of journal) {
    if (event.kind === 'instances-started') arrives = event.direction === 'forward' ? 'wanted' : 'older'
    for (const [instance, serves] of changes(plan, event, serving, arrives)) serving.set(instance, serves)
    migrated ||= event.kind === 'step-started' && kindOf(plan, event.step) === 'migrate'
    const there = new Set(serving.values())
    mixed.see(there.has('older') && there.has('wanted'), event.at)
    olderOnNew.see(migrated && there.has('older'), event.at)
  }
  return { mixed: mixed.found(), olderOnNewDatabase: olderOnNew.found() }
}

const key = (step: string, instance: string): string => `${step} ${instance}`
const kindOf = ({ steps }: Plan, id: string) => steps.find((step) => step.id === id)?.kind

function changes(
  plan: Plan,
  event: Event,
  before: ReadonlyMap<string, Serves>,
  arrives: Serves,
): [string, Serves][] {
  switch (event.kind) {
    case 'instances-observed':
      return Object.entries(event.instances).map(([name, { version, healthy }]) => {
        const instance = key(event.step, name)
        const wanted = version === plan.release.tag || version === plan.release.sha
        const said = version === null ? (before.get(instance) ?? 'older') : wanted ? 'wanted' : 'older'
        return [instance, healthy ? said : 'nothing']
      })
    case 'instances-started':
      return event.instances.map((name) => [key(event.step, name), 'nothing'])
    case 'instance-succeeded':
      return [[key(event.step, event.instance), arrives]]
    case 'instance-failed':
      return [[key(event.step, event.instance), 'nothing']]
    default:
      return []
  }
}

/** Collects the stretches in which something was so. */
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
    mixed.length === 0
      ? null
      : 'Instances change one batch after another, so that every rollout has a time of two releases.'
  return blocks('### While both releases lived', lines.map((line) => `- ${line}`).join('\n'), why)
}

function databaseInWords({ plan, journal }: View): string {
  const migrated = journal.some(
    (event) => event.kind === 'step-succeeded' && kindOf(plan, event.step) === 'migrate',
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
