import { beforeEach, describe, expect, test } from 'vitest'
import type { SchedulerSeen } from '../../src/domain/engine/scheduler-seen.ts'
import type { Clock, SchedulerControl } from '../../src/pipeline/ports.ts'
import { listener } from './shell.contract.ts'

/** The scheduler of an engine with `hourly`, `stopped` (which is suspended) and `others`, of which the first two are meant. */
export interface SchedulerBed {
  readonly control: SchedulerControl
  readonly clock: Clock
  /** Starts a job of `hourly`, which runs until it is ended, and returns its name. */
  start(): Promise<string>
  /** Reads which are suspended, as the engine tells an administrator. */
  suspended(): Promise<readonly string[]>
}

/** Every scheduler of an engine, and the fake one, must do these. */
export function schedulerContract(name: string, make: () => Promise<SchedulerBed>): void {
  describe(`the contract of a scheduler, by ${name}`, () => {
    let bed: SchedulerBed
    beforeEach(async () => {
      bed = await make()
    })
    const watch = listener()

    async function look(): Promise<SchedulerSeen> {
      const seen = await bed.control.observe({}, watch.signal)
      return seen.kind === 'found' ? seen.value : expect.fail(JSON.stringify(seen))
    }

    test('tells of those that are meant alone, and which are suspended', async () => {
      const { timed, running } = await look()
      expect(timed.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual([
        { name: 'hourly', suspended: false },
        { name: 'stopped', suspended: true },
      ])
      expect(running).toEqual([])
    })

    test('suspends by name and resumes by name, any number of times, and leaves others alone', async () => {
      for (const _time of ['once', 'again'])
        expect(await bed.control.suspend(['hourly', 'gone'], {}, watch)).toBeNull()
      expect(await bed.suspended()).toEqual(['hourly', 'stopped'])
      for (const _time of ['once', 'again'])
        expect(await bed.control.resume(['hourly', 'gone'], {}, watch)).toBeNull()
      expect(await bed.suspended()).toEqual(['stopped'])
    })

    test('names a job while it runs, also while its timed job is suspended, until it is ended', async () => {
      const job = await bed.start()
      await bed.control.suspend(['hourly'], {}, watch)
      expect((await look()).running).toEqual([job])
      expect(await bed.control.end([job], {}, watch)).toBeNull()
      // It is asked until it is over. A Pod that is told to end has 30 seconds, which is Kubernetes' default.
      for (let tries = 0; (await look()).running.length > 0; tries += 1) {
        if (tries > 80) expect.fail('the job was not ended')
        await bed.clock.sleep(500)
      }
      expect(await bed.control.end([], {}, watch)).toBeNull()
    })
  })
}
