import type { Probe } from '../../domain/config/command.ts'
import { onward } from '../../domain/journal/direction.ts'
import { type FigureReading, type Figures, isSeries, readSeries } from '../../domain/judge/series.ts'
import { amongReadings, type InstanceReadings } from '../../domain/judge/trial.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { ask, whereItServes } from '../roll/instance-observed.ts'
import { workWithin } from '../roll/instance-work.ts'
import type { Context } from './context.ts'

/** An interval, in milliseconds since 1970. */
export interface ReadInterval {
  readonly from: number
  readonly until: number
}

/** The answer of an instance about an interval; null without figures. */
type IntervalAnswer = readonly FigureReading[] | null

/** Reads the figures of one moment. Returns null where they come as series, which are asked for at the end. */
export async function figuresNow(
  context: Context,
  step: RollStep,
  probe: Probe,
  names: readonly string[],
  over: ReadInterval,
): Promise<Readonly<Record<string, Figures>> | null> {
  const said = await askAll(context, step, probe, names, over)
  if (said.some(([, readings]) => readings !== null && isSeries(readings))) return null
  return Object.fromEntries(
    said.flatMap(([name, readings]) => {
      const [reading] = readings ?? []
      return reading === undefined ? [] : [[name, reading.figures]]
    }),
  )
}

/**
 * Reads the series of the bake, and of the time before the change, of instances that print one. The others have the
 * readings that were taken while the run watched.
 */
export async function readingsOf(
  context: Context,
  step: RollStep,
  probe: Probe,
  names: readonly string[],
  {
    during,
    before,
    taken,
  }: { during: ReadInterval; before: ReadInterval; taken: readonly Readonly<Record<string, Figures>>[] },
): Promise<InstanceReadings[]> {
  const said = await askAll(context, step, probe, names, during)
  const series = said.filter(([, readings]) => readings !== null && isSeries(readings)).map(([name]) => name)
  const earlier = new Map(await askAll(context, step, probe, series, before))
  return said.map(([name, readings]) =>
    series.includes(name)
      ? { name, before: within(earlier.get(name) ?? null, before), during: within(readings, during) }
      : { name, before: [], during: taken.length === 0 ? figuresIn(readings) : amongReadings(name, taken) },
  )
}

const figuresIn = (readings: IntervalAnswer): Figures[] => (readings ?? []).map(({ figures }) => figures)

/** A source may print more than it was asked for: readings of another time are of another release. */
const within = (readings: IntervalAnswer, { from, until }: ReadInterval): Figures[] =>
  (readings ?? []).filter(({ at }) => at !== null && at >= from && at <= until).map(({ figures }) => figures)

async function askAll(
  context: Context,
  step: RollStep,
  probe: Probe,
  names: readonly string[],
  { from, until }: ReadInterval,
): Promise<[string, IntervalAnswer][]> {
  const asked = step.service.fleet.instances.filter(({ name }) => names.includes(name))
  const workOf = await workWithin(context, step.service, onward, context.stop.forced)
  return Promise.all(
    asked.map(async (instance): Promise<[string, IntervalAnswer]> => {
      const work = workOf(instance)
      const interval = {
        ROLLGATE_FROM: new Date(from).toISOString(),
        ROLLGATE_UNTIL: new Date(until).toISOString(),
      }
      const there = await whereItServes(work)
      const answer = await ask({ ...there, seen: { ...there.seen, ...interval } }, probe)
      return [instance.name, answer.kind === 'yes' ? readSeries(answer.text) : null]
    }),
  )
}
