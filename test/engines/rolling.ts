import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { EngineSeen, Images } from '../../src/domain/engine/engine-seen.ts'
import { type EngineVerdict, isComplete, judgeRollout, lastingIn } from '../../src/domain/engine/verdict.ts'
import type { EngineControl, HandedOver } from '../../src/pipeline/ports.ts'
import { listener } from '../contracts/shell.contract.ts'

/** The looks at a rollout, and its end. */
export interface Rolled {
  readonly verdict: EngineVerdict
  readonly last: EngineSeen
}

const variables = { ROLLGATE_APP: 'shop', ROLLGATE_ENVIRONMENT: 'production', ROLLGATE_SERVICE: 'web' }

/** Hands images over as a step does; fails the test where the engine takes nothing. */
export async function hand(
  control: EngineControl,
  images: Images,
  to: 'new' | 'old' = 'new',
): Promise<string> {
  const handed = await control.handOver({ images, to }, variables, listener())
  expect(handed).toHaveProperty('rollout')
  return (handed as HandedOver).rollout
}

export async function look(control: EngineControl): Promise<EngineSeen> {
  const seen = await control.state(variables, new AbortController().signal)
  if (seen.kind !== 'found') throw new Error(`the engine told nothing: ${JSON.stringify(seen)}`)
  return seen.value
}

/** Looks until the rollout has an end. `each`: what else happens between two looks. */
export async function watched(
  control: EngineControl,
  images: Images,
  rollout: string,
  { deadline = 90_000, each = () => {} }: { deadline?: number; each?(seen: EngineSeen): unknown } = {},
): Promise<Rolled> {
  const begun = Date.now()
  let [complete, troubled]: [number | null, number] = [null, 0]
  for (;;) {
    const last = await look(control)
    await each(last)
    const now = Date.now()
    complete = isComplete(last, images) ? (complete ?? now) : null
    troubled = lastingIn(last).length > 0 ? troubled + 1 : 0
    const awaited = { images, rollout, before: null, minHealthyTime: 2_000, deadline }
    const patience = { since: now - begun, complete: complete === null ? null : now - complete, troubled }
    const verdict = judgeRollout(last, awaited, patience)
    if (verdict.kind !== 'rolling' && verdict.kind !== 'settling') return { verdict, last }
    await delay(500)
  }
}

/** Brings images all the way. */
export async function roll(
  control: EngineControl,
  images: Images,
  to: 'new' | 'old' = 'new',
): Promise<Rolled> {
  return watched(control, images, await hand(control, images, to))
}
