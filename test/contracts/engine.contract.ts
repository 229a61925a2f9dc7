import { beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/config/command.ts'
import type { EngineSeen, Images } from '../../src/domain/engine/engine-seen.ts'
import { sameImages, wants } from '../../src/domain/engine/images.ts'
import { isComplete, lastingIn } from '../../src/domain/engine/verdict.ts'
import { known, type Reading } from '../../src/domain/reading.ts'
import type { Clock, EngineControl, HandedOver, Variables } from '../../src/pipeline/ports.ts'
import { listener } from './shell.contract.ts'

/** A service on an engine of its own for one test, and what the engine can be given. */
export interface EngineBed {
  readonly control: EngineControl
  readonly clock: Clock
  readonly variables: Variables
  /** True if the service is there before its first rollout, as most engines want it. */
  readonly exists: boolean
  /** Two releases that get ready. */
  readonly first: Images
  readonly second: Images
  /** A release that never gets ready, by a cause that waiting does not help; null where there is none. */
  readonly broken: Images | null
  /** Commands of a job that end well and with 3, having said `hello`; null where the engine has no jobs. */
  readonly commands: { readonly good: Command; readonly three: Command } | null
  /** Makes the engine unreachable; null where a test cannot. */
  readonly silence: (() => Promise<void>) | null
  /** The longest time for a rollout. */
  readonly patience: number
}

/** Every engine, and the fake one, must do these. */
export function engineContract(name: string, make: () => Promise<EngineBed>): void {
  describe(`the contract of an engine, by ${name}`, () => {
    let bed: EngineBed
    beforeEach(async () => {
      bed = await make()
    })

    const watch = listener()
    const look = (): Promise<Reading<EngineSeen>> => bed.control.state(bed.variables, watch.signal)
    const give = async (images: Images, to: 'new' | 'old' = 'new'): Promise<HandedOver> => {
      const handed = await bed.control.handOver({ images, to }, bed.variables, watch)
      return 'rollout' in handed ? handed : expect.fail(handed.what)
    }
    const until = (good: (seen: EngineSeen) => boolean, state = look) => untilSeen(bed, state, good)
    const complete = (images: Images) => until((seen) => isComplete(seen, images))

    test('is able to change what it is meant for, and names no refusal', async () => {
      const able = known(await bed.control.able(bed.variables, watch))
      expect(able?.refusals ?? []).toEqual([])
    })

    test('the state is read before anything is handed over, and is absent where there is no service', async () => {
      expect((await look()).kind).toBe(bed.exists ? 'found' : 'absent')
    })

    test('an order is wanted by its digests, under the name that the engine gave the rollout', async () => {
      const { rollout } = await give(bed.first)
      const seen = await until((now) => now.noticed && now.rollout === rollout)
      expect(wants(seen.wanted, bed.first)).toBe(true)
    })

    test('a rollout is complete once every replica runs the images and no other is left, and not before', async () => {
      await give(bed.first)
      await complete(bed.first)
      await give(bed.second)
      const seen = await until((now) => now.phase === 'settled' && wants(now.wanted, bed.second))
      expect(seen.replicas).toEqual({
        wanted: seen.replicas.wanted,
        updated: seen.replicas.wanted,
        ready: seen.replicas.wanted,
        old: 0,
      })
      expect(seen.troubles).toEqual([])
    })

    test('the same images again are the same rollout', async () => {
      const first = await give(bed.first)
      expect(await give(bed.first)).toEqual(first)
      await complete(bed.first)
      expect(await give(bed.first)).toEqual(first)
    })

    test('going back twice by digest stays there: it is no toggle', async () => {
      await give(bed.first)
      await complete(bed.first)
      await give(bed.second)
      await complete(bed.second)
      await give(bed.first, 'old')
      await complete(bed.first)
      await give(bed.first, 'old')
      expect(sameImages((await complete(bed.first)).wanted, bed.first)).toBe(true)
    })

    test('a release that cannot get ready is never complete, and is told with its lasting trouble', async () => {
      if (bed.broken === null) return expect(bed.broken).toBeNull()
      const { broken } = bed
      await give(bed.first)
      await complete(bed.first)
      await give(broken)
      let completed = false
      const seen = await until((now) => {
        completed ||= isComplete(now, broken)
        return lastingIn(now).length > 0 || now.phase === 'failed' || now.phase === 'rolled-back'
      })
      expect(completed).toBe(false)
      expect([...lastingIn(seen).map(({ reason }) => reason), seen.phase].join(' ')).not.toBe('rolling')
    })

    test('after a release that cannot get ready the images from before are handed over, and complete', async () => {
      if (bed.broken === null) return expect(bed.broken).toBeNull()
      await give(bed.first)
      await complete(bed.first)
      await give(bed.broken)
      await until((now) => lastingIn(now).length > 0 || now.phase !== 'rolling')
      await give(bed.first, 'old')
      expect(wants((await complete(bed.first)).wanted, bed.first)).toBe(true)
    })

    test('runs as many replicas as it is told to at least, in the same rollout, and no fewer than before', async () => {
      const { scale } = bed.control
      if (scale === undefined) return expect(scale).toBeUndefined()
      const { rollout } = await give(bed.first)
      const { wanted } = (await complete(bed.first)).replicas
      for (const replicas of [wanted + 1, wanted])
        expect(await scale(replicas, bed.variables, watch)).toBeNull()
      const seen = await until((now) => now.replicas.wanted !== wanted && isComplete(now, bed.first))
      expect([seen.rollout, seen.replicas.wanted]).toEqual([rollout, wanted + 1])
    })

    test('runs no replica once it is told so, and later as many as it is told, in the same rollout', async () => {
      const { empty, scale } = bed.control
      if (empty === undefined) return expect(empty).toBeUndefined()
      const { rollout } = await give(bed.first)
      const { wanted } = (await complete(bed.first)).replicas
      for (const _ of ['once', 'again']) expect(await empty(bed.variables, watch)).toBeNull()
      const none = await until(({ replicas }) => replicas.updated + replicas.old === 0)
      expect([none.replicas.wanted, isComplete(none, bed.first)]).toEqual([0, false])
      expect(await scale?.(wanted, bed.variables, watch)).toBeNull()
      const seen = await until((now) => now.replicas.wanted > 0 && isComplete(now, bed.first))
      expect([seen.rollout, seen.replicas.wanted]).toEqual([rollout, wanted])
    })

    test('a restart is a newer rollout of the same images, or is said to be impossible', async () => {
      const { rollout } = await give(bed.first)
      await complete(bed.first)
      const again = await bed.control.restart(bed.variables, watch)
      if (!('rollout' in again)) return expect(again.code).toBe('engine-refused')
      expect(again.rollout).not.toBe(rollout)
      const seen = await until((now) => now.rollout === again.rollout && isComplete(now, bed.first))
      expect(wants(seen.wanted, bed.first)).toBe(true)
    })

    test('a stopped rollout stays where it is, and goes on under its name, or cannot be stopped', async () => {
      if (bed.broken === null) return expect(bed.broken).toBeNull()
      await give(bed.first)
      await complete(bed.first)
      const { rollout } = await give(bed.broken)
      const failure = await bed.control.stop(bed.variables, watch)
      if (failure !== null) return expect(failure.code).toBe('engine-refused')
      await until((now) => now.phase === 'held')
      // No event tells that nothing moves. An engine that goes on starts a replica within two seconds.
      await bed.clock.sleep(2_000)
      expect(await look()).toMatchObject({ value: { phase: 'held', rollout } })
      expect(await give(bed.broken)).toEqual({ rollout })
      await until((now) => now.phase !== 'held')
      await give(bed.first, 'old')
      await complete(bed.first)
    })

    test('a stopped rollout goes back to the images from before', async () => {
      await give(bed.first)
      await complete(bed.first)
      await give(bed.second)
      const failure = await bed.control.stop(bed.variables, watch)
      if (failure !== null) return expect(failure.code).toBe('engine-refused')
      await give(bed.first, 'old')
      await complete(bed.first)
    })

    test('an engine that does not answer is unknown, and never absent', async () => {
      if (bed.silence === null) return expect(bed.silence).toBeNull()
      await give(bed.first)
      await bed.silence()
      expect((await look()).kind).toBe('unknown')
    })

    test('a test bed is one replica with the new images, and is gone once it is closed', async () => {
      const { testBed } = bed.control
      if (testBed === null) return expect(testBed).toBeNull()
      await give(bed.first)
      await complete(bed.first)
      expect((await testBed.state(bed.variables, watch.signal)).kind).toBe('absent')
      await testBed.open(bed.second, bed.variables, watch)
      const state = () => testBed.state(bed.variables, watch.signal)
      const seen = await until((now) => isComplete(now, bed.second), state)
      expect(seen.replicas.wanted).toBe(1)
      expect(wants((await complete(bed.first)).wanted, bed.first)).toBe(true)
      expect(await testBed.close(bed.variables, watch)).toBeNull()
      expect((await state()).kind).toBe('absent')
      expect(await testBed.close(bed.variables, watch)).toBeNull()
    })

    test('a job ends with the exit code of its command, and runs once by its name', async () => {
      const { jobs } = bed.control
      if (jobs === null || bed.commands === null) return expect(jobs).toBeNull()
      const job = { images: bed.first, container: null }
      const run = (jobName: string, command: Command) =>
        jobs.run({ ...job, name: jobName, command }, bed.variables, watch)
      await give(bed.first)
      expect(await run('rollgate-1-migrate', bed.commands.good)).toMatchObject({ kind: 'exited', code: 0 })
      expect(await run('rollgate-1-migrate', bed.commands.three)).toMatchObject({ kind: 'exited', code: 0 })
      expect(await run('rollgate-2-migrate', bed.commands.three)).toMatchObject({ kind: 'exited', code: 3 })
    })
  })
}

/**
 * Looks again and again, and fails with the last look where the engine does not get there. The bed's clock has the pauses:
 * that of the engine in memory is virtual.
 */
async function untilSeen(
  { clock, patience }: Pick<EngineBed, 'clock' | 'patience'>,
  look: () => Promise<Reading<EngineSeen>>,
  good: (seen: EngineSeen) => boolean,
): Promise<EngineSeen> {
  const until = clock.now().getTime() + patience
  for (;;) {
    const reading = await look()
    if (reading.kind === 'found' && good(reading.value)) return reading.value
    if (clock.now().getTime() > until) expect.fail(`not seen in time: ${JSON.stringify(reading)}`)
    // An engine is asked: it tells of no change by itself.
    await clock.sleep(250)
  }
}
