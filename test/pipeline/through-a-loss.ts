import type { Pause } from '../../src/domain/question/pause.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import type { DetourWorld } from './a-detour-world.ts'

/** The effect at which a run is lost, counted from its beginning. `done`: that effect itself still happens. */
export interface Loss {
  readonly at: number
  readonly done: boolean
}

/** Does the work of a later run: it answers a question, or follows a lost run where the question is null. */
type Follow = (pause: Pause | null, doer: Doer) => Promise<RunEnding>

/**
 * Goes through the story of a run and of those after it, and returns the number of its effects. Throws if the story has no
 * end, and if the loss that was asked for never came: a story without it proves nothing.
 */
export async function throughALoss(
  world: DetourWorld,
  context: Context,
  loss: Loss | undefined,
  follow: Follow,
): Promise<number> {
  const before = world.effects.length
  const killed = loss === undefined ? new Promise<never>(() => {}) : world.killAt(before + loss.at, loss.done)
  let losses = 0
  let work = execute(context)
  for (let run = 4; run < 16; run += 1) {
    const doer = { run: aRun(run), by: ['bob'] }
    const ending = await Promise.race([work, killed])
    const lost = ending === 'killed' && world.isDead()
    if (lost) {
      world.revive()
      losses += 1
    }
    const next = lost ? null : await work
    if (next !== null && next.kind !== 'waiting') {
      if (losses !== (loss === undefined ? 0 : 1)) throw new Error(`the run was lost ${losses} times`)
      return world.effects.length - before
    }
    work = follow(next?.pause ?? null, doer)
  }
  throw new Error('the story has no end')
}
