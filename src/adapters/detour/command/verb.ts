import type { Command } from '../../../domain/config/command.ts'
import { pauses } from '../../../domain/config/pace.ts'
import type { DetourDeed, DetourEvidence } from '../../../domain/detour/deed.ts'
import type { Clock, Finished, Shell, Variables, Watch } from '../../../pipeline/ports.ts'
import { sayEnding } from '../../ending.ts'
import type { VerbResult } from './sights.ts'

export interface Verb<Seen> {
  /** The deed, as the rest of a sentence that begins with *It was not seen that*. */
  readonly what: string
  /** Null where the config has no command for it: then its result is only looked for. */
  readonly command: Command | null
  readonly variables: Variables
  look(signal: AbortSignal): Promise<Seen>
  /** Returns the reason why the command must not run, by the look before it. */
  refuse?(seen: Seen): string | null
  /** Both looks: the last one, and the one before the command. */
  result(seen: Seen, before: Seen): VerbResult
  /** The command runs even where its result is seen already: it may do more than can be seen. */
  readonly always?: true
  /** The longest wait for the result, once the command has ended. */
  readonly patience?: number
}

export interface VerbTools {
  readonly shell: Shell
  readonly clock: Clock
}

/** Visitors wait meanwhile, so that a command has to wait by itself for what takes long. */
const PATIENCE_MS = 15_000

/**
 * Looks, runs the command unless its result is there already, then looks until the result is seen. An exit code alone is
 * never believed, neither way: it only stands in the evidence and in the words of a failure.
 */
export async function doVerb<Seen>(verb: Verb<Seen>, tools: VerbTools, watch: Watch): Promise<DetourDeed> {
  const before = await verb.look(watch.signal)
  const refusal = verb.refuse?.(before) ?? null
  if (refusal !== null) return failed(verb, refusal, null)
  const there = verb.result(before, before)
  if (there.kind === 'shown' && verb.always === undefined) return { kind: 'done', evidence: there.evidence }
  const finished = verb.command === null ? null : await tools.shell.run(verb.command, verb.variables, watch)
  if (finished !== null && mayStillRun(finished)) return failed(verb, 'it may still run', finished)
  const patience = verb.patience ?? PATIENCE_MS
  const ended = tools.clock.now().getTime()
  const until = isGood(finished) ? ended + patience : ended
  const look = async () => verb.result(await verb.look(watch.signal), before)
  const sight = await lookUntil(look, until, tools.clock, watch.signal)
  if (sight.kind === 'not-shown') return failed(verb, sight.why, finished)
  return { kind: 'done', evidence: { ...sight.evidence, ...oddEnding(finished) } }
}

async function lookUntil(
  look: () => Promise<VerbResult>,
  until: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<VerbResult> {
  const pace = pauses()
  while (true) {
    const sight = await look()
    const pause = pace.next().value
    if (sight.kind === 'shown' || signal.aborted || clock.now().getTime() + pause >= until) return sight
    await clock.sleep(pause, signal)
  }
}

/** True without a command, too. */
const isGood = (finished: Finished | null): boolean =>
  finished === null || (finished.kind === 'exited' && finished.code === 0)

/** True if the command may change something after a look: its end was not seen. */
const mayStillRun = (finished: Finished): boolean =>
  finished.kind === 'unreachable' || (finished.kind === 'timed-out' && finished.unconfirmed === true)

const oddEnding = (finished: Finished | null): DetourEvidence =>
  finished === null || isGood(finished) ? {} : { command: sayEnding(finished) }

function failed({ what }: Pick<Verb<never>, 'what'>, why: string, finished: Finished | null): DetourDeed {
  const ending = finished === null || isGood(finished) ? '' : `its command ${sayEnding(finished)}, and `
  return {
    kind: 'failed',
    failure: {
      code: 'detour-unseen',
      what: `It was not seen that ${what}: ${ending}${why}.`,
      tail: finished?.tail ?? [],
      next: 'Run the `observe` command by hand, and compare.',
    },
  }
}
