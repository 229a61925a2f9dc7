import type { Command } from '../../domain/config/command.ts'
import type { Instance } from '../../domain/config/fleet.ts'
import type { Comparison } from '../../domain/config/service.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Move } from '../../domain/journal/move.ts'
import { isRelease } from '../../domain/release/release.ts'
import { compareFigures, type Figures, readFigures } from '../../domain/rolling/comparison.ts'
import { availability, instancesThatAre } from '../../domain/rolling/rolling.ts'
import type { Verdict } from '../../domain/rolling/verdict.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { ask, observe, whereItServes } from '../roll/instance-observed.ts'
import { workOn } from '../roll/instance-work.ts'
import { type Context, quoted, variables } from './context.ts'
import { failureOf } from './failure.ts'

type BakeMove = Extract<Move, { kind: 'bake' }>

/** The longest wait of a run for a bake: beyond it the run ends, and another one resumes. */
const worthWaiting = 60_000

/**
 * Watches the test bed. Returns `too-long` if another run must resume later; otherwise the journal has the
 * start or the verdict.
 */
export async function bake(context: Context, move: BakeMove): Promise<'too-long' | 'went-on'> {
  const { session, ports, stop } = context
  const { step, until } = move
  const now = ports.clock.now().getTime()
  if (until === null) {
    const ends = new Date(now + (step.service.testBed?.bakeTime ?? 0)).toISOString()
    session.note({ kind: 'bake-started', step: step.id, until: ends })
    return 'went-on'
  }
  const left = Date.parse(until) - now
  if (left > worthWaiting) return 'too-long'
  await ports.clock.sleep(Math.max(0, left), stop.asked)
  if (stop.asked.aborted) return 'went-on'
  const verdict = await judge(context, move)
  if (!stop.forced.aborted) session.note({ kind: 'bake-ended', step: step.id, verdict })
  return 'went-on'
}

/** Judges the test bed: it must still serve the release, and compare well with the others. */
async function judge(context: Context, { step, watched }: BakeMove): Promise<Verdict> {
  const ill = await notServing(context, step, watched)
  if (ill.length > 0) return { kind: 'worse', what: `${ill.join('; ')}.`, tail: [] }
  const { testBed } = step.service
  if (testBed === null || testBed.compare === null)
    return { kind: 'better-or-equal', what: `${watched.join(', ')} served it all the time.`, tail: [] }
  return compare(context, step, watched, testBed.compare)
}

async function notServing(context: Context, step: RollStep, watched: readonly string[]): Promise<string[]> {
  const { release } = context.plan
  const seen = await Promise.all(
    among(step, watched).map(async (instance) => {
      const work = await workOn(context, step.service, instance, onward, context.stop.forced)
      const { healthy, version } = await observe(work)
      if (!healthy) return `${instance.name} is not healthy any more`
      const right = version === null || isRelease(version, release)
      return right ? null : `${instance.name} serves ${version}, not ${release.tag}`
    }),
  )
  return seen.filter((found) => found !== null)
}

/** The others, of which none has been changed yet, are the control group. */
async function compare(
  context: Context,
  step: RollStep,
  watched: readonly string[],
  comparison: Comparison,
): Promise<Verdict> {
  const roll = context.session.standing.rolls.get(step.id)
  const up = roll === undefined ? new Map() : availability(roll)
  const others = (roll === undefined ? [] : instancesThatAre(roll, 'pending')).filter((name) => up.get(name))
  if (others.length === 0)
    return inconclusive('None of the others is up, so there is nothing to compare with.')
  const figures = await figuresOf(context, step, comparison, [...watched, ...others])
  const { command } = comparison
  if (command !== null) return decideBy(context, step, { watched, others, figures }, command)
  const silent = [...watched, ...others].filter((name) => figures[name] === undefined)
  if (silent.length > 0) return inconclusive(`No figures could be had of ${silent.join(', ')}.`)
  const of = (names: readonly string[]): Figures[] =>
    names.map((name) => figures[name]).filter((one) => one !== undefined)
  return compareFigures(of(watched), of(others), comparison.tolerance)
}

async function figuresOf(
  context: Context,
  step: RollStep,
  { figures }: Comparison,
  names: readonly string[],
): Promise<Record<string, Figures>> {
  if (figures === null) return {}
  const asked = await Promise.all(
    among(step, names).map(async (instance): Promise<[string, Figures][]> => {
      const work = await workOn(context, step.service, instance, onward, context.stop.forced)
      const answer = await ask(await whereItServes(work), figures)
      const read = answer.kind === 'yes' ? readFigures(answer.text) : null
      return read === null ? [] : [[instance.name, read]]
    }),
  )
  return Object.fromEntries(asked.flat())
}

interface BakeComparison {
  readonly watched: readonly string[]
  readonly others: readonly string[]
  readonly figures: Readonly<Record<string, Figures>>
}

/** Decides by the user's own command: 0 is better or equal, 1 worse, any other code inconclusive. */
async function decideBy(
  context: Context,
  step: RollStep,
  { watched, others, figures }: BakeComparison,
  command: Command,
): Promise<Verdict> {
  const seen = {
    ...(await variables(context, onward)),
    ROLLGATE_SERVICE: step.service.name,
    ROLLGATE_TEST_BED: watched.join(' '),
    ROLLGATE_CONTROL: others.join(' '),
    ROLLGATE_FIGURES: JSON.stringify(figures),
  }
  const { shell } = context.ports
  const finished = await quoted(context, 'compare │ ', (watch) => shell.run(command, seen, watch))
  const { tail } = finished
  const said = tail.at(-1)?.trim() ?? ''
  const because = said === '' ? '.' : `: ${said}`
  if (finished.kind === 'exited' && finished.code === 0)
    return { kind: 'better-or-equal', what: `The comparison found nothing worse${because}`, tail }
  if (finished.kind === 'exited' && finished.code === 1)
    return { kind: 'worse', what: `The comparison found the test bed worse${because}`, tail }
  return { kind: 'inconclusive', what: failureOf('the comparison', finished)?.what ?? '', tail }
}

const inconclusive = (what: string): Verdict => ({ kind: 'inconclusive', what, tail: [] })

const among = ({ service }: RollStep, names: readonly string[]): readonly Instance[] =>
  service.fleet.instances.filter(({ name }) => names.includes(name))
