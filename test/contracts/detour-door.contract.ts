import { beforeEach, describe, expect, test } from 'vitest'
import { sideOf } from '../../src/domain/detour/agreement.ts'
import type { DetourDeed } from '../../src/domain/detour/deed.ts'
import { found } from '../../src/domain/reading.ts'
import type { DetourDoor, Variables } from '../../src/pipeline/ports.ts'
import { listener } from './shell.contract.ts'

/** A door for one test, and a visitor before it. */
export interface DetourDoorBed {
  readonly door: DetourDoor
  readonly variables: Variables
  /** The side that answers a visitor; null where the request failed. */
  visit(): Promise<'home' | 'stand-in' | null>
  /** Has the door read its settings again; null where it has none. */
  readonly reload: (() => Promise<void>) | null
  /** Moves what the door has in memory, behind its settings; null where a test cannot. */
  readonly moveMemory: ((side: 'home' | 'stand-in') => Promise<void>) | null
}

/** Every adapter of a door, and the fake one, must do these. */
export function detourDoorContract(name: string, make: () => Promise<DetourDoorBed>): void {
  describe(`the contract of a detour's door, by ${name}`, () => {
    let bed: DetourDoorBed
    beforeEach(async () => {
      bed = await make()
    })

    const watch = listener()
    const see = () => bed.door.observe(bed.variables, watch.signal)
    const done = async (deed: Promise<DetourDeed>): Promise<void> => {
      const end = await deed
      expect(end.kind === 'done' ? 'done' : end.failure.what).toBe('done')
    }
    const point = (side: 'home' | 'stand-in') => done(bed.door.point(side, bed.variables, watch))

    test('sends visitors home before anything is moved', async () => {
      expect([sideOf(await see()), await bed.visit()]).toEqual([found('home'), 'home'])
    })

    test.each(['stand-in', 'home'] as const)(
      'that is pointed to %s sends visitors there, also after a reload',
      async (side) => {
        await point('stand-in')
        await point(side)
        await point(side)
        expect([sideOf(await see()), await bed.visit()]).toEqual([found(side), side])
        await bed.reload?.()
        expect([sideOf(await see()), await bed.visit()]).toEqual([found(side), side])
      },
    )

    test('shuts writes and opens them, each also twice, and reads pass meanwhile', async () => {
      if ((await see()).writes.kind === 'absent') return
      for (const to of ['shut', 'shut', 'open', 'open'] as const) {
        await done(bed.door.writes(to, bed.variables, watch))
        expect([(await see()).writes, await bed.visit()]).toEqual([found(to), 'home'])
      }
    })

    test('a side that visitors have left is drained', async () => {
      await point('stand-in')
      await done(bed.door.drained('home', bed.variables, watch))
    })

    test('parts that disagree are unknown, and pointing it anew has them agree', async (context) => {
      if (bed.moveMemory === null) return context.skip()
      await bed.moveMemory('stand-in')
      expect(sideOf(await see()).kind).toBe('unknown')
      await point('home')
      expect(sideOf(await see())).toEqual(found('home'))
    })
  })
}
