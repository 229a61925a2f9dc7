import type { StatusResult } from '../../src/report/status/result.ts'
import type { EndedProcess } from '../../src/sandbox/runner/runner.ts'
import type { JobInputs, StartedJob } from '../../src/sandbox/stage.ts'
import type { Ending, Round } from './endings.ts'
import { aRunsMoments } from './moments.ts'

/** A place that is taken through detours, one after another, each of which ends in the same way. */
export interface EndingWorld {
  readonly ending: Ending
  /** The number of the rounds so far. */
  rounds: number
  serving: string
  /** Makes a further release, which migrates. */
  release(tag: string): Promise<unknown>
  /** Starts a job with the files of a release. */
  start(checkout: string, inputs: JobInputs, env?: Readonly<Record<string, string>>): Promise<StartedJob>
  ledger(): Promise<{ readonly deployment: unknown; readonly detour?: { readonly id: string } | null } | null>
  /** Looks at the world after a detour has ended, and returns what is wrong with it, each a sentence. */
  faults(round: Round): Promise<string[]>
}

/** The ways in which a lost run is followed by another. */
export const successors = ['a re-run', 'a decision', 'the clock', 'its own post step'] as const
export type Successor = (typeof successors)[number]

/** A detour that is open, and the inputs of the run that ends it. */
interface Opened {
  readonly round: Round
  readonly asked: JobInputs
}

/** Each run of an ending has more moments than `fewest`. A run that has `most` would need further cases. */
export const [fewest, most] = [20, 120] as const

/**
 * One detour whose ending is lost at a moment, by its number or by what it is. Returns what went wrong; the moment is
 * null where the run outlived it.
 */
export async function killedAt(world: EndingWorld, at: number | string, by: Successor) {
  const opened = await openedFor(world)
  const moments = aRunsMoments()
  const checkout = world.ending.checkout(opened.round)
  const started = await world.start(checkout, opened.asked, moments.killedAt(at))
  const lost = await started.ended
  const seen = moments.seen()
  const moment = lost.code === null ? (seen.at(-1) ?? '') : null
  if (by === 'its own post step' || lost.code !== null) await started.post(lost)
  const early = moment === null ? endedEarly(world.ending, lost, seen.length, at) : []
  const faults = [...early, ...(await resumed(world, opened, by))]
  return { moment, faults, lost: tail(lost) }
}

/** Returns what is wrong with a run that was not killed: it ended as undisturbed, and before its moment would have come. */
function endedEarly(
  { outcome }: Ending,
  { outputs }: EndedProcess,
  moments: number,
  at: number | string,
): string[] {
  const ended = outputs.outcome === outcome ? [] : [`it ended as ${outputs.outcome}, not as ${outcome}`]
  const many = typeof at === 'number' && moments > fewest && moments < at
  return many ? ended : [...ended, `moment ${at} did not kill it, and it had ${moments}`]
}

/** Asks for the ending in a run with these variables, which nothing kills. */
export async function answeredBy(
  world: EndingWorld,
  { round, asked }: Opened,
  env: Readonly<Record<string, string>> = {},
): Promise<EndedProcess> {
  const started = await world.start(world.ending.checkout(round), asked, env)
  const main = await started.ended
  await started.post(main)
  return main
}

/** Opens a detour, and brings it to the point at which its ending is asked for. */
export async function openedFor(world: EndingWorld): Promise<Opened> {
  world.rounds += 1
  const number = world.rounds * 2
  const [after, better] = [`v${number}`, `v${number + 1}`]
  await world.release(after)
  await world.release(better)
  const aside = await run(world, after, { command: 'deploy', release: after, detour: 'true' })
  const detour = (await world.ledger())?.detour?.id ?? ''
  const round = { before: world.serving, after, better, detour }
  const { pause = '' } = aside.outputs
  if (pause === '') throw new Error(`no inspection waits:\n${tail(aside)}`)
  if (world.ending.abandoned) {
    const left = { command: 'decide', pause, decision: 'abandon', reason: 'none is right' } as const
    await run(world, after, left)
  }
  return { round, asked: world.ending.ask(round, pause) }
}

/** Has later runs bring a detour to its end. Returns what is wrong afterwards, each a sentence; empty if nothing is. */
export async function resumed(
  world: EndingWorld,
  { round, asked }: Opened,
  by: Successor,
): Promise<string[]> {
  const told: EndedProcess[] = []
  const unsaid: string[] = []
  if (by === 'the clock') {
    const watch = await run(world, checkoutOf(world, round), { command: 'watch' })
    told.push(watch)
    unsaid.push(...(await unreported(world, watch)))
  }
  for (let runs = 0; runs < 8 && !(await isOver(world)); runs += 1) {
    const again = runs === 0 && by === 'a re-run'
    const inputs = again ? rerunOf(asked, round) : await answering(world, asked, round)
    told.push(await run(world, checkoutOf(world, round), inputs))
  }
  // A run that was lost after the end leaves the record to the next one.
  if (told.length === 0 && by !== 'its own post step')
    told.push(await run(world, checkoutOf(world, round), { command: 'watch' }))
  if (!(await isOver(world)))
    return [`the detour is open after ${told.length} runs:\n${told.map(tail).join('\n')}`]
  world.serving = world.ending.serves(round)
  return [...unsaid, ...(await world.faults(round))]
}

/** A detour that has expired, and is open after the clock has come, was reported by it, and failed its run. */
async function unreported(world: EndingWorld, { code, summary }: EndedProcess): Promise<string[]> {
  const { detour = null } = (await world.ledger()) ?? {}
  if (world.ending.lasts === null || detour === null) return []
  return code === 1 && summary.includes('It has expired') ? [] : [`the watch ended with ${code}:\n${summary}`]
}

const checkoutOf = ({ ending }: EndingWorld, round: Round): string => ending.checkout(round)

async function isOver(world: EndingWorld): Promise<boolean> {
  const { deployment = null, detour = null } = (await world.ledger()) ?? {}
  return deployment === null && detour === null
}

/** The job that was lost, run again; one that has answered is followed by another of its deployment. */
const rerunOf = (asked: JobInputs, { after }: Round): JobInputs =>
  asked.command === 'decide' ? { command: 'deploy', release: after, detour: 'true' } : asked

/**
 * Looks what is asked, and answers it. Asks for the ending again where nothing is asked, or where the lost run has not
 * begun: the question is then about the release before.
 */
async function answering(world: EndingWorld, asked: JobInputs, round: Round): Promise<JobInputs> {
  const looked = await run(world, world.serving, { command: 'status', observe: 'false' })
  const { environments } = JSON.parse(looked.outputs.result ?? '{"environments":[]}') as StatusResult
  const { pause = null, deployment = null } = environments[0] ?? {}
  if (pause === null || deployment?.release.tag !== checkoutOf(world, round)) return asked
  const wanted = [world.ending.answer, 'complete', 'retry'] as const
  const decision = wanted.find((one) => one !== null && pause.options.includes(one)) ?? 'retry'
  return { command: 'decide', pause: pause.id, decision, reason: 'its run was lost' }
}

async function run(world: EndingWorld, checkout: string, inputs: JobInputs): Promise<EndedProcess> {
  const started = await world.start(checkout, inputs)
  const main = await started.ended
  await started.post(main)
  return main
}

const tail = ({ log }: EndedProcess): string =>
  log
    .filter((line) => !line.startsWith('::debug::'))
    .slice(-25)
    .join('\n')
