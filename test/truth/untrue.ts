import { outcomeWord } from '../../src/domain/journal/outcome.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { leaseIn } from '../../src/domain/ledger/lease.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { handOverSteps, moveOverStep, rollSteps } from '../../src/domain/step/steps-in.ts'
import { instanceRows } from '../../src/report/outcome/instance-table.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import type { Scene, Seen } from './scene.ts'
import type { Told } from './story.ts'

/** Each place where the world is not what outcome, ledger, record and page say, as a sentence. Empty when all agree. */
export async function untrue(scene: Scene, told: Told): Promise<string[]> {
  const seen = await scene.seen()
  const { ledger } = await scene.memory.ledgers.read('shop', 'production')
  const [past] = ledger.history
  if (told.outcome === null || past === undefined) return ['it has no end']
  return [
    ...seen.breaches,
    ...ofServing(scene, ledger, past),
    ...ofPlaces(scene, past, seen),
    ...ofVisitors(scene, past, seen),
    ...ofLeases(ledger, past, seen),
    ...ofUnfinished(ledger, past, seen),
    ...ofDatabase(ledger, past, seen),
    ...ofDetour(scene, ledger, past, seen),
    ...ofRecord(scene, ledger, past),
    ...ofPage(scene, told, seen),
  ]
}

const claim = (so: boolean, words: string): string[] => (so ? [] : [words])

/** The release that an ended deployment left behind; null where it does not say. */
const leftBy = ({ plan }: Scene, { outcome }: Past): string | null =>
  outcome.kind === 'succeeded'
    ? plan.release.tag
    : outcome.kind === 'abandoned'
      ? null
      : (plan.from?.tag ?? null)

function ofServing(scene: Scene, { serving }: Ledger, { outcome }: Past): string[] {
  const should = outcome.kind === 'succeeded' ? scene.plan.release.tag : scene.plan.from?.tag
  return claim(
    serving?.release.tag === should,
    `it ${outcome.kind}, and the ledger has ${serving?.release.tag}`,
  )
}

const apartIn = ({ outcome }: Past): ReadonlySet<string> =>
  new Set(
    outcome.kind === 'succeeded'
      ? [...outcome.forced, ...outcome.excluded, ...outcome.failed]
      : outcome.kind === 'rolled-back'
        ? [...outcome.forced, ...outcome.excluded]
        : [],
  )

function ofPlaces(scene: Scene, past: Past, { places }: Seen): string[] {
  const left = leftBy(scene, past)
  if (left === null) return []
  const apart = apartIn(past)
  const { steps } = scene.plan
  const changed = [
    ...rollSteps(steps)
      .filter(({ unvisited }) => past.outcome.kind === 'succeeded' || !unvisited)
      .flatMap(({ service }) => service.fleet.instances.map(({ name }) => `${service.name}/${name}`)),
    ...handOverSteps(steps)
      .filter(({ id }) => !apart.has(id))
      .map(({ service }) => service.name),
  ]
  return changed
    .filter((place) => !apart.has(place))
    .flatMap((place) =>
      claim(places.get(place) === left, `it ${past.outcome.kind}, and ${place} serves ${places.get(place)}`),
    )
}

/** Visitors get no other release, unless the outcome names an instance apart. */
function ofVisitors(scene: Scene, past: Past, { visitors, page }: Seen): string[] {
  const left = leftBy(scene, past)
  if (left === null || apartIn(past).size > 0 || page) return []
  const words = [...visitors].join(' and ')
  return claim(words === left, `it ${past.outcome.kind}, and visitors get ${words || 'nothing'}`)
}

function ofLeases(ledger: Ledger, { outcome }: Past, { scheduler, page }: Seen): string[] {
  const suspended = leaseIn(ledger, 'scheduler') !== null
  const shown = leaseIn(ledger, 'maintenance') !== null
  const given = outcome.kind !== 'abandoned'
  return [
    // An abandoned deployment errs on the safe side: the lease of a lost run is kept, taken or given back.
    ...claim(
      suspended === (scheduler === 'off') || (!given && suspended),
      `the scheduler is ${scheduler}, and its lease ${suspended}`,
    ),
    ...claim(shown === page || (!given && shown), `the page is shown: ${page}, and its lease ${shown}`),
    ...claim(
      !given || scheduler === 'on' || outcome.kind !== 'succeeded',
      'it succeeded with its scheduler off',
    ),
    ...claim(!given || !page || outcome.kind !== 'succeeded', 'it succeeded behind the maintenance page'),
  ]
}

/** A place that is down after an abandoned deployment is known to be unfinished. */
function ofUnfinished({ unfinished, detour }: Ledger, { outcome }: Past, { places }: Seen): string[] {
  // The open detour says how the side without visitors is.
  if (outcome.kind !== 'abandoned' || detour !== null) return []
  const known = new Set(unfinished.map(({ service, instance }) => `${service}/${instance}`))
  return [...places].flatMap(([place, serves]) =>
    claim(
      serves !== null || known.has(place) || !/web-\d/.test(place),
      `${place} is down, and nothing says so`,
    ),
  )
}

function ofDatabase({ migration }: Ledger, past: Past, { migrated, migrating }: Seen): string[] {
  const two = past.migration !== null
  return [
    ...claim(
      !migrated || past.migrated !== null,
      'the database was migrated, and its history does not say so',
    ),
    ...claim(!two || !migrating || migration !== null, 'a migration is open, and the ledger has none'),
    ...claim(
      !two || migrating || migration === null || migration.state !== 'open',
      'the ledger has an open migration that ended',
    ),
  ]
}

function ofDetour({ plan }: Scene, ledger: Ledger, { outcome }: Past, { copy, side }: Seen): string[] {
  const moves = moveOverStep(plan.steps) !== null
  const ended = outcome.kind !== 'abandoned'
  return [
    ...claim(!copy || ledger.detour !== null, 'a copy is there, and the ledger has no detour'),
    ...claim(
      copy || ledger.detour === null || ledger.detour.phase !== 'open',
      'the ledger has a detour without its copy',
    ),
    ...claim(
      !moves || !ended || ledger.side === null || ledger.side === side,
      `visitors are on ${side}, and the ledger has ${ledger.side}`,
    ),
    ...claim(
      moves || side !== 'stand-in' || ledger.detour !== null,
      'visitors are on a stand-in, and no detour is open',
    ),
  ]
}

const states: Readonly<Record<string, string>> = {
  ...{ succeeded: 'success', failed: 'failure', 'rolled-back': 'failure', abandoned: 'failure' },
  ...{ rejected: 'error', cancelled: 'error' },
}

function ofRecord({ memory }: Scene, { serving }: Ledger, { outcome, record }: Past): string[] {
  if (record === null)
    return [
      ...claim(outcome.kind !== 'succeeded', 'it succeeded without a record'),
      ...memory.records.shown.flatMap(({ id }) =>
        claim(
          (memory.records.states(id).at(-1) ?? '').startsWith(`${states[outcome.kind]}:`),
          `record ${id} is nobody's, and says ${memory.records.states(id).at(-1)}`,
        ),
      ),
    ]
  const said = memory.records.states(record).at(-1) ?? 'nothing'
  return [
    ...claim(
      said.startsWith(`${states[outcome.kind]}:`),
      `it ${outcome.kind}, and record ${record} says ${said}`,
    ),
    ...claim(memory.records.shown.length === 1, `it has ${memory.records.shown.length} records`),
    ...claim(
      outcome.kind !== 'succeeded' || serving?.record === record,
      `the ledger serves by record ${serving?.record}`,
    ),
  ]
}

/** The page of the run that ended it: its words, and the rows of its instances. */
function ofPage({ plan }: Scene, { concluded, outcome }: Told, { places }: Seen): string[] {
  if (concluded === null || outcome === null || concluded.ending.kind !== 'ended') return []
  const { journal, ledger } = concluded.session
  const view = { plan, journal, ledger, run: '', now: journal.at(-1)?.at ?? '', form: null }
  const rows = instanceRows(view, standing(plan, journal))
  const page = outcomeSummary(view)
  return [
    ...claim(page.includes(plan.release.tag), 'the page does not name the release'),
    ...claim(
      !/in progress|not changed yet/i.test(page),
      `the page of an end says that more is to come: ${outcomeWord(outcome)}`,
    ),
    ...rows.flatMap(({ service, name, standing: { state }, version }) =>
      claim(
        !['done', 'left-alone'].includes(state) ||
          version === null ||
          places.get(`${service}/${name}`) === version,
        `the page has ${name} as ${state} on ${version}, and it serves ${places.get(`${service}/${name}`)}`,
      ),
    ),
  ]
}
