import { beforeEach, describe, expect, type TestContext, test } from 'vitest'
import type { DetourDeed, DetourEvidence } from '../../src/domain/detour/deed.ts'
import type { DatabaseSeen } from '../../src/domain/detour/detour-seen.ts'
import { absent, found } from '../../src/domain/reading.ts'
import type { DetourDatabase, Variables } from '../../src/pipeline/ports.ts'
import { listener } from './shell.contract.ts'

/** Databases of a detour for one test, and the application that uses them. */
export interface DetourDatabaseBed {
  readonly database: DetourDatabase
  readonly variables: Variables
  /** An application writes one row; false where it was not let. */
  write(side: 'home' | 'stand-in'): Promise<boolean>
  rows(side: 'home' | 'stand-in'): Promise<number>
  /** The run that holds a fence is lost. Returns the databases in the hands of another one; null where a test cannot. */
  readonly lose: (() => Promise<DetourDatabase>) | null
  /** An application opens a session on the stand-in; null where its engine has none. */
  readonly enter: (() => Promise<() => Promise<void>>) | null
}

const id = 'shop-production-7'

/** Every adapter of databases, and the fake one, must do these. */
export function detourDatabaseContract(name: string, make: () => Promise<DetourDatabaseBed>): void {
  describe(`the contract of a detour's databases, by ${name}`, () => {
    let bed: DetourDatabaseBed
    let database: DetourDatabase
    beforeEach(async () => {
      bed = await make()
      database = bed.database
    })

    const watch = listener()
    const see = (): Promise<DatabaseSeen> => database.observe(id, bed.variables, watch.signal)
    const done = async (deed: Promise<DetourDeed>): Promise<DetourEvidence> => {
      const end = await deed
      return end.kind === 'done' ? end.evidence : expect.fail(end.failure.what)
    }
    const refused = async (deed: Promise<DetourDeed>): Promise<void> =>
      expect((await deed).kind).toBe('failed')
    const { open, fence, unfence, level, cut, rejoin, harden, close, discard } = {
      open: () => database.open(id, bed.variables, watch),
      fence: (side: 'home' | 'stand-in') => database.fence(id, side, bed.variables, watch),
      unfence: (side: 'home' | 'stand-in') => database.unfence(id, side, bed.variables, watch),
      level: (position: string) => database.level(id, position, bed.variables, watch),
      cut: () => database.cut(id, bed.variables, watch),
      rejoin: () => database.rejoin(id, bed.variables, watch),
      harden: () => database.harden(id, bed.variables, watch),
      close: (way: 'return' | 'revert' | 'revert-code') => database.close(id, way, bed.variables, watch),
      discard: () => database.discard(id, bed.variables, watch),
    }
    const leveled = async (): Promise<void> => {
      await done(open())
      const { position = '' } = await done(fence('home'))
      await done(level(position))
    }
    const cutOff = async (): Promise<void> => {
      await leveled()
      await done(cut())
    }

    const lostRows = async (): Promise<number | string> => {
      const lost = await database.lostWrites(id, bed.variables, watch.signal)
      return lost.kind === 'found' && lost.value.kind === 'counted'
        ? Object.values(lost.value.byTable).reduce((sum, one) => sum + one, 0)
        : lost.kind
    }

    test('a look at what speaks against it changes nothing, and finds nothing here', async () => {
      const able = await database.able(id, bed.variables, watch)
      expect(able.kind === 'found' ? able.value.refusals : able.kind).toEqual([])
      expect(await see()).toMatchObject({ standIn: absent, fence: absent, writable: { home: found('open') } })
    })

    test('a copy follows home and refuses writes by its engine, and a second opening makes no second one SD-07', async () => {
      await done(open())
      expect(await see()).toMatchObject({
        ...{ standIn: found('running'), follows: found(true), frozenAt: absent },
        writable: { 'stand-in': found('impossible') },
      })
      expect(await bed.write('stand-in')).toBe(false)
      await done(open())
      expect(await bed.rows('stand-in')).toBe(await bed.rows('home'))
      expect(await bed.write('home')).toBe(true)
    })

    test('a fence keeps writers out until it is taken away, each also twice', async () => {
      await done(open())
      await done(fence('home'))
      await done(fence('home'))
      expect(await see()).toMatchObject({ fence: found('home'), writable: { home: found('fenced') } })
      expect(await bed.write('home')).toBe(false)
      await done(unfence('home'))
      await done(unfence('home'))
      expect(await see()).toMatchObject({ fence: absent, writable: { home: found('open') } })
      expect(await bed.write('home')).toBe(true)
    })

    test('a level stand-in has every row that was written before the fence', async () => {
      await done(open())
      expect(await bed.write('home')).toBe(true)
      const { position = '' } = await done(fence('home'))
      await done(level(position))
      await done(level(position))
      expect(await bed.rows('stand-in')).toBe(await bed.rows('home'))
    })

    test('a cut stand-in stays where it is, whatever is written at home afterwards SD-12', async () => {
      await cutOff()
      await done(cut())
      const { frozenAt, follows } = await see()
      expect([follows, frozenAt.kind]).toEqual([found(false), 'found'])
      const before = await bed.rows('stand-in')
      await done(unfence('home'))
      expect(await bed.write('home')).toBe(true)
      expect([await bed.rows('stand-in'), (await see()).frozenAt]).toEqual([before, frozenAt])
    })

    test('nothing is cut without the fence at home', async () => {
      await leveled()
      await done(unfence('home'))
      await refused(cut())
      expect((await see()).follows).toEqual(found(true))
    })

    test('a stand-in that rejoins has what was written at home since its cut', async () => {
      await cutOff()
      await done(unfence('home'))
      expect(await bed.write('home')).toBe(true)
      await done(rejoin())
      await done(rejoin())
      expect(await see()).toMatchObject({ follows: found(true), frozenAt: absent })
      const { position = '' } = await done(fence('home'))
      await done(level(position))
      expect(await bed.rows('stand-in')).toBe(await bed.rows('home'))
    })

    test('nothing is hardened before the cut', async () => {
      await leveled()
      await refused(harden())
      expect(await see()).toMatchObject({ follows: found(true), fence: found('home') })
    })

    test('a hardened home takes writes again, and the stand-in has none of them', async () => {
      await cutOff()
      const before = await bed.rows('stand-in')
      await done(harden())
      await done(harden())
      expect(await see()).toMatchObject({ fence: absent, writable: { home: found('open') } })
      expect([await bed.write('home'), await bed.rows('stand-in')]).toEqual([true, before])
    })

    test('a return leaves home as it is, and the copy goes once, however often it is asked SD-18', async () => {
      await cutOff()
      await done(harden())
      await bed.write('home')
      const rows = await bed.rows('home')
      await done(close('return'))
      await done(close('return'))
      await done(discard())
      expect((await see()).standIn).toEqual(absent)
      await done(discard())
      expect([await bed.rows('home'), await bed.write('home')]).toEqual([rows, true])
    })

    test('a stand-in with a session is not removed', async (context) => {
      if (bed.enter === null) return leaveOut(context, 'its engine tells of no sessions')
      await cutOff()
      await done(harden())
      await done(close('return'))
      const leave = await bed.enter()
      await refused(discard())
      expect((await see()).standIn).toEqual(found('running'))
      await leave()
      await done(discard())
    })

    test('a stand-in that was opened for writes has them counted, and home has none of them SD-17', async () => {
      await cutOff()
      await done(harden())
      expect(await database.lostWrites(id, bed.variables, watch.signal)).toEqual(absent)
      await done(unfence('stand-in'))
      const rows = await bed.rows('home')
      expect([await bed.write('stand-in'), await bed.write('stand-in')]).toEqual([true, true])
      await done(close('return'))
      const lost = await database.lostWrites(id, bed.variables, watch.signal)
      const counted =
        lost.kind === 'found' && lost.value.kind === 'counted'
          ? Object.values(lost.value.byTable).reduce((sum, one) => sum + one, 0)
          : lost.kind
      expect([counted, await bed.write('stand-in'), await bed.rows('home')]).toEqual([2, false, rows])
      await done(discard())
    })

    test('a copy counts what is written from its mark on, and home is known to be unchanged since its fence', async () => {
      await done(open())
      const { position = '' } = await done(fence('home'))
      await done(level(position))
      await done(cut())
      await done(unfence('stand-in'))
      expect(await bed.write('stand-in')).toBe(true)
      await done(database.mark(id, bed.variables, watch))
      expect(await lostRows()).toBe(0)
      expect(await bed.write('stand-in')).toBe(true)
      expect(await database.still(id, position, bed.variables, watch.signal)).toEqual(found(true))
      await done(database.leave(id, 'home', bed.variables, watch))
      expect((await see()).fence).toEqual(absent)
      expect([await lostRows(), await bed.write('home')]).toEqual([1, true])
      expect(await database.still(id, position, bed.variables, watch.signal)).toEqual(found(false))
    })

    test('only a copy that is named is cleared from its place, also twice', async () => {
      await cutOff()
      await done(unfence('home'))
      await refused(database.clear(id, ['shop-production-3'], bed.variables, watch))
      expect((await see()).standIn).toEqual(found('running'))
      await done(database.clear(id, ['shop-production-3', id], bed.variables, watch))
      await done(database.clear(id, [id], bed.variables, watch))
      expect((await see()).standIn).toEqual(absent)
      expect(await bed.write('home')).toBe(true)
    })

    test('a fence is gone with its run: nothing is cut in its name, and another run fences anew', async (context) => {
      if (bed.lose === null) return leaveOut(context, 'its bed cannot lose a run')
      await leveled()
      database = await bed.lose()
      expect((await see()).fence).toEqual(absent)
      await refused(cut())
      const { position = '' } = await done(fence('home'))
      await done(level(position))
      await done(cut())
      expect((await see()).follows).toEqual(found(false))
    })
  })
}

function leaveOut(context: TestContext, why: string): void {
  console.warn(`Skipped: ${why}.`)
  context.skip(why)
}
