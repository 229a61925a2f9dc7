import type { Command } from '../../domain/config/command.ts'
import type { Instance } from '../../domain/config/fleet.ts'
import type { Comparison } from '../../domain/config/service.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Move } from '../../domain/journal/move.ts'
import { judge } from '../../domain/judge/judge.ts'
import { type InstanceReadings, lengthBefore, overall, someOf } from '../../domain/judge/trial.ts'
import type { BakeWatch } from '../../domain/rolling/roll-standing.ts'
import { availability, instancesThatAre } from '../../domain/rolling/rolling.ts'
import { plainVerdict, type Verdict } from '../../domain/rolling/verdict.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { notWell } from '../roll/serving-well.ts'
import { type Context, quoted, variables } from './context.ts'
import { failureOf } from './failure.ts'
import { figuresNow, type ReadInterval, readingsOf } from './figures.ts'

type BakeMove = Extract<Move, { kind: 'bake' }>

/** A bake that has begun. */
type BegunBake = BakeMove & { readonly over: BakeWatch }

/** The longest wait of a run for a bake, unless the config keeps the run: beyond it another run resumes. */
const worthWaiting = 60_000

/**
 * Watches the test bed. Returns `too-long` if another run must resume later; otherwise the journal has the
 * start or the verdict.
 */
export async function bake(context: Context, move: BakeMove): Promise<'too-long' | 'went-on'> {
  const { session, ports, stop } = context
  const { step, over } = move
  const { testBed } = step.service
  const now = ports.clock.now().getTime()
  if (over === null) {
    const ends = new Date(now + (testBed?.warmUp ?? 0) + (testBed?.bakeTime ?? 0)).toISOString()
    session.note({ kind: 'bake-started', step: step.id, until: ends })
    return 'went-on'
  }
  if (Date.parse(over.until) - now > worthWaiting && testBed?.on !== 'run') return lookEarly(context, move)
  await watch(context, { ...move, over })
  if (stop.asked.aborted) return 'went-on'
  const verdict = await judgeTestBed(context, { ...move, over: withReadings(context, move) ?? over })
  if (verdict !== null && !stop.forced.aborted) session.note({ kind: 'bake-ended', step: step.id, verdict })
  return 'went-on'
}

/** A run that comes too early leaves the bake as it is, unless an instance is not well already. */
async function lookEarly(context: Context, move: BakeMove): Promise<'too-long' | 'went-on'> {
  const ill = await illAmong(context, move)
  if (context.stop.asked.aborted) return 'went-on'
  if (ill === null) return 'too-long'
  context.session.note({ kind: 'bake-ended', step: move.step.id, verdict: ill })
  return 'went-on'
}

/** The verdict on a test bed that is not well; null where it serves the release, or the run is told to stop. */
async function illAmong(
  context: Context,
  { step, watched }: Pick<BakeMove, 'step' | 'watched'>,
): Promise<Verdict | null> {
  const ill = await notWell(context, [{ service: step.service, instances: among(step, watched) }])
  return ill.length > 0 ? plainVerdict('worse', `${ill.join('; ')}.`) : null
}

/** A bake has this many readings, or one a second where it is short. */
const readingsOfABake = 20

/** Waits for the end of the bake, and reads figures meanwhile where their source keeps no series of them. */
async function watch(context: Context, { step, watched, over }: BegunBake): Promise<void> {
  const { session, ports, stop } = context
  const [since, until] = [Date.parse(over.since), Date.parse(over.until)]
  const from = since + (step.service.testBed?.warmUp ?? 0)
  const figures = step.service.testBed?.compare?.figures ?? null
  const pause = Math.max(1_000, Math.floor((until - from) / readingsOfABake))
  const now = (): number => ports.clock.now().getTime()
  let reads = figures !== null
  while (now() < until && !stop.asked.aborted) {
    await ports.clock.sleep(reads ? Math.min(pause, until - now()) : until - now(), stop.asked)
    if (stop.asked.aborted || figures === null || !reads || now() < from) continue
    const names = [...watched, ...othersOf(context, step)]
    const read = await figuresNow(context, step, figures, names, { from, until: now() })
    reads = read !== null
    if (read === null || stop.forced.aborted || Object.keys(read).length === 0) continue
    session.note({ kind: 'figures-read', step: step.id, figures: read })
    session.saveInPassing()
  }
}

/** Returns the bake with the figures that were read since this move was chosen. */
function withReadings({ session }: Context, { step }: BakeMove): BakeWatch | null {
  const bake = session.standing.rolls.get(step.id)?.bake
  return bake?.state === 'baking' ? bake.watched : null
}

/** Judges the test bed: it must still serve the release, and compare well with the others. Null where the run is told to stop. */
async function judgeTestBed(context: Context, move: BegunBake): Promise<Verdict | null> {
  const { step, watched } = move
  const ill = await illAmong(context, move)
  if (ill !== null || context.stop.asked.aborted) return ill
  const { testBed } = step.service
  if (testBed === null || testBed.compare === null)
    return plainVerdict('better-or-equal', `At the end of its time ${watched.join(', ')} served it.`)
  return compare(context, move, testBed.compare)
}

/** The others that are up, of which none has been changed yet: they are the control group. */
function othersOf({ session }: Context, step: RollStep): string[] {
  const roll = session.standing.rolls.get(step.id)
  if (roll === undefined) return []
  const up = availability(roll)
  return someOf(instancesThatAre(roll, 'pending').filter((name) => up.get(name)))
}

async function compare(context: Context, move: BegunBake, comparison: Comparison): Promise<Verdict> {
  const { step, watched } = move
  const others = othersOf(context, step)
  if (others.length === 0)
    return plainVerdict('inconclusive', 'None of the others is up, so there is nothing to compare with.')
  const during = bakeOf(context, move)
  const readings = await readAll(context, move, comparison, [...watched, ...others], during)
  const { command } = comparison
  if (command !== null) return decideBy(context, step, { watched, others, readings }, command)
  const side = (names: readonly string[]) => readings.filter(({ name }) => names.includes(name))
  const trial = { testBed: side(watched), others: side(others), length: during.until - during.from }
  const verdict = judge(trial, comparison)
  return readings.some((one) => one.during.length > 1)
    ? verdict
    : { ...verdict, what: `${verdict.what} ${noSeries}` }
}

const noSeries =
  'A figure must be read more than once: have `figures` print the series from ROLLGATE_FROM to ROLLGATE_UNTIL, or keep the run with `test-bed.on: run`.'

/** A run that comes late has more to read. */
function bakeOf({ ports }: Context, { step, over }: BegunBake): ReadInterval {
  const from = Date.parse(over.since) + (step.service.testBed?.warmUp ?? 0)
  return { from, until: Math.max(Date.parse(over.until), ports.clock.now().getTime()) }
}

async function readAll(
  context: Context,
  { step, over }: BegunBake,
  { figures }: Comparison,
  names: readonly string[],
  during: ReadInterval,
): Promise<InstanceReadings[]> {
  if (figures === null) return []
  const changed = changedAt(context, step) ?? Date.parse(over.since)
  const before = { from: changed - lengthBefore(during.until - during.from), until: changed }
  return readingsOf(context, step, figures, names, { during, before, taken: over.readings })
}

/** Returns when the first instance of the roll began to change: up to then all served the older release. */
function changedAt({ session }: Context, step: RollStep): number | null {
  const first = session.journal.find((event) => event.kind === 'instances-started' && event.step === step.id)
  return first === undefined ? null : Date.parse(first.at)
}

interface BakeComparison {
  readonly watched: readonly string[]
  readonly others: readonly string[]
  readonly readings: readonly InstanceReadings[]
}

/** Decides by the user's own command: 0 is better or equal, 1 worse, any other code inconclusive. */
async function decideBy(
  context: Context,
  step: RollStep,
  { watched, others, readings }: BakeComparison,
  command: Command,
): Promise<Verdict> {
  const known = readings.filter(({ during }) => during.length > 0)
  const seen = {
    ...(await variables(context, onward)),
    ROLLGATE_SERVICE: step.service.name,
    ROLLGATE_TEST_BED: watched.join(' '),
    ROLLGATE_CONTROL: others.join(' '),
    ROLLGATE_FIGURES: JSON.stringify(Object.fromEntries(known.map((one) => [one.name, overall(one)]))),
  }
  const { shell } = context.ports
  const finished = await quoted(context, 'compare │ ', (watch) => shell.run(command, seen, watch))
  const { tail } = finished
  const said = tail.at(-1)?.trim() ?? ''
  const because = said === '' ? '.' : `: ${said}`
  if (finished.kind === 'exited' && finished.code === 0)
    return plainVerdict('better-or-equal', `The comparison found nothing worse${because}`, tail)
  if (finished.kind === 'exited' && finished.code === 1)
    return plainVerdict('worse', `The comparison found the test bed worse${because}`, tail)
  return plainVerdict('inconclusive', failureOf('the comparison', finished)?.what ?? '', tail)
}

const among = ({ service }: RollStep, names: readonly string[]): readonly Instance[] =>
  service.fleet.instances.filter(({ name }) => names.includes(name))
