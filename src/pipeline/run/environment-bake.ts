import { judgeLimits, type LimitsJudged } from '../../domain/bake/limits.ts'
import { duration } from '../../domain/durations.ts'
import type { BakeTime } from '../../domain/journal/deployment-standing.ts'
import { onward } from '../../domain/journal/direction.ts'
import { type FigureReading, isSeries, readSeries } from '../../domain/judge/series.ts'
import type { StepOf } from '../../domain/step/step.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import { enginesNotWell } from '../engine/not-well.ts'
import { wasSuspended } from '../look/suspended.ts'
import { broughtBy, notWell } from '../roll/serving-well.ts'
import { heed } from '../signal/heed.ts'
import { type Context, variables } from './context.ts'
import { answerInWords } from './failure.ts'
import type { StepEnd } from './step-end.ts'

type BakeStep = StepOf<'bake'>

/** The longest time that a run stays for a bake which the clock carries. */
const worthStaying = 60_000

/** The time after which a run begins no stay: GitHub ends a job after six hours. */
const longestRun = 5.75 * 3_600_000

/**
 * Watches the whole environment: a run that stays looks again and again, and one that does not leaves the end of it to the
 * next run. A stay counts only as a whole, so a run that resumes one, or was suspended in it, begins it anew.
 */
export async function bakeEnvironment(context: Context, step: BakeStep): Promise<StepEnd> {
  const stays = step.on === 'run' || step.lasts <= worthStaying
  const { baked } = context.session.standing.steps.get(step.id) ?? {}
  if (!stays && baked != null) return resumed(context, step, baked)
  const now = context.ports.clock.now()
  if (stays && aged(context, now) + step.lasts > longestRun)
    return { kind: 'waits', until: now.toISOString() }
  const time = begin(context, step, now)
  return stays ? stay(context, step, time) : later(context, step, time)
}

function begin({ session }: Context, { id, lasts }: BakeStep, now: Date): BakeTime {
  const until = new Date(now.getTime() + lasts).toISOString()
  session.note({ kind: 'bake-started', step: id, until })
  return { from: now.toISOString(), until }
}

/** Milliseconds since this run took the deployment. */
function aged({ session }: Context, now: Date): number {
  const taken = session.journal.findLast(({ kind }) => kind === 'opened' || kind === 'resumed')
  return taken === undefined ? 0 : now.getTime() - Date.parse(taken.at)
}

/** A run that takes a bake up reads the signals and the figures first: either may end it before its time. */
async function resumed(context: Context, step: BakeStep, time: BakeTime): Promise<StepEnd> {
  if (await heed(context, step)) return stopped
  return (await exceededSoFar(context, step, time)) ?? later(context, step, time)
}

/** Ends a bake before its time if a figure is above its limit already, whatever is still to come. */
async function exceededSoFar(context: Context, step: BakeStep, time: BakeTime): Promise<StepEnd | null> {
  const read = await seriesOf(context, step, time)
  if (context.stop.forced.aborted) return stopped
  return isExceeded(context, step, time, read) ? judged(context, step, time, read) : null
}

/**
 * Looks at the figures of a bake that another run may end later. Returns what is above its limit already, in words; null
 * where nothing is.
 */
export async function aboveLimit(context: Context, step: BakeStep): Promise<string | null> {
  const { baked } = context.session.standing.steps.get(step.id) ?? {}
  if (baked == null) return null
  const ended = await exceededSoFar(context, step, baked)
  return ended?.kind === 'failed' && !context.stop.forced.aborted ? ended.failure.what : null
}

async function later(context: Context, step: BakeStep, time: BakeTime): Promise<StepEnd> {
  const { clock } = context.ports
  const left = Date.parse(time.until) - clock.now().getTime()
  const early = await notWellAnywhere(context)
  if (context.stop.asked.aborted) return stopped
  if (early.length > 0) return failed(early)
  if (left > worthStaying) return { kind: 'waits', until: time.until }
  await clock.sleep(Math.max(0, left), context.stop.asked)
  if (context.stop.asked.aborted || (await heed(context, step))) return stopped
  const ill = await notWellAnywhere(context)
  if (context.stop.asked.aborted) return stopped
  if (ill.length > 0) return failed(ill)
  const read = await seriesOf(context, step, time)
  return context.stop.forced.aborted ? stopped : judged(context, step, time, read)
}

/** Looks at all instances and at the figures until the time is over. The first instance that is not well ends it. */
async function stay(context: Context, step: BakeStep, time: BakeTime): Promise<StepEnd> {
  const { clock, voice } = context.ports
  const single: FigureReading[] = []
  voice.line(`watching the whole environment until ${time.until}`)
  for (;;) {
    if (await heed(context, step)) return stopped
    const ill = await notWellAnywhere(context)
    if (context.stop.asked.aborted) return stopped
    if (ill.length > 0) return failed(ill)
    const answer = await seriesOf(context, step, time)
    if (context.stop.forced.aborted) return stopped
    if (answer.kind === 'now') single.push(...answer.readings)
    const read = answer.kind === 'now' ? { ...answer, readings: single } : answer
    const left = Date.parse(time.until) - clock.now().getTime()
    if (left <= 0 || isExceeded(context, step, time, read)) return judged(context, step, time, read)
    const [wanted, before] = [Math.min(left, step.interval), clock.now().getTime()]
    await clock.sleep(wanted, context.stop.asked)
    if (context.stop.asked.aborted) return stopped
    if (!wasSuspended(clock.now().getTime() - before, wanted)) continue
    voice.warning(
      'The watch begins anew',
      'The runner was suspended, or its clock was set: nothing was seen.',
    )
    return bakeEnvironment(context, step)
  }
}

/** Looks at every instance and every engine that serves the release. */
const notWellAnywhere = async (context: Context): Promise<string[]> => [
  ...(await notWell(context, broughtBy(context, rollSteps(context.plan.steps)))),
  ...(await enginesNotWell(context)),
]

/** The answer about figures: a series, a reading of now, or the reason why there is none. */
type FiguresRead =
  | { readonly kind: 'series' | 'now'; readonly readings: readonly FigureReading[] }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unasked' }

async function seriesOf(context: Context, { figures }: BakeStep, time: BakeTime): Promise<FiguresRead> {
  if (figures === null) return { kind: 'unasked' }
  const { prober, clock } = context.ports
  const answer = await prober.ask(figures, await figureVariables(context, time), context.stop.forced)
  if (answer.kind !== 'yes')
    return { kind: 'none', why: `the figures could not be read: ${answerInWords(answer)}` }
  const readings = readSeries(answer.text)
  if (readings === null) return { kind: 'none', why: 'the answer about the figures holds no readable figure' }
  if (isSeries(readings)) return { kind: 'series', readings }
  const at = clock.now().getTime()
  return { kind: 'now', readings: readings.map(({ figures: read }) => ({ at, figures: read })) }
}

const figureVariables = async (context: Context, { from, until }: BakeTime) => ({
  ...(await variables(context, onward)),
  ROLLGATE_FROM: from,
  ROLLGATE_UNTIL: until,
})

function isExceeded({ ports }: Context, step: BakeStep, time: BakeTime, read: FiguresRead): boolean {
  const [from, until] = [Date.parse(time.from), Date.parse(time.until)]
  const over = Math.min(1, (ports.clock.now().getTime() - from) / (until - from))
  return verdictOf(step, time, read, over).kind === 'exceeded'
}

function verdictOf(
  { atMost }: BakeStep,
  { from, until }: BakeTime,
  read: FiguresRead,
  over = 1,
): LimitsJudged {
  switch (read.kind) {
    case 'unasked':
      return { kind: 'within', what: '', lines: [] }
    case 'none':
      return { kind: 'inconclusive', what: read.why, lines: [] }
    case 'series':
    case 'now':
      return judgeLimits(read.readings, atMost, { from: Date.parse(from), until: Date.parse(until) }, over)
  }
}

/** A verdict of the time that is over. */
function judged({ plan }: Context, step: BakeStep, time: BakeTime, read: FiguresRead): StepEnd {
  const { kind, what, lines } = verdictOf(step, time, read)
  const environment = plan.environment.name
  switch (kind) {
    case 'within': {
      const watched = `watched for ${duration(step.lasts)}, every instance well`
      return { kind: 'succeeded', note: what === '' ? watched : `${watched}: ${what}` }
    }
    case 'exceeded':
      return {
        kind: 'failed',
        failure: { code: 'bake-failed', what: `${environment} is above a limit: ${what}.`, tail: lines },
      }
    case 'inconclusive':
      return {
        kind: 'failed',
        failure: {
          code: 'bake-inconclusive',
          what: `There is no verdict on ${environment}: ${what}.`,
          tail: lines,
        },
      }
  }
}

const failed = (ill: readonly string[]): StepEnd => ({
  kind: 'failed',
  failure: { code: 'bake-failed', what: `${ill.join('; ')}.`, tail: [] },
})

/** The step is left open: the next run takes the bake up again. */
const stopped: StepEnd = {
  kind: 'failed',
  failure: { code: 'interrupted', what: 'The watch was ended because the run was cancelled.', tail: [] },
}
