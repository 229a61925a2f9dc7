import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineage } from '../../src/domain/ledger/history.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { releaseStanding } from '../../src/domain/release/release-state.ts'
import { aRelease } from './a-plan.ts'
import { attempt, type Ending, targetBack } from './release-life.ts'

/** Releases that come and go in two environments, and their states after each attempt. */

const releases = ['v1', 'v2', 'v3', 'v4'].map((tag) => aRelease(tag))
const names = ['staging', 'production'] as const
const endings: readonly Ending[] = ['succeeds', 'fails', 'is rejected', 'is taken back', 'is abandoned']

type Act = {
  readonly where: (typeof names)[number]
  /** Null goes back. */
  readonly release: (typeof releases)[number] | null
  readonly ending: Ending
}

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    where: fc.constantFrom(...names),
    release: fc.option(fc.constantFrom(...releases)),
    ending: fc.oneof(fc.constant<Ending>('succeeds'), fc.constantFrom(...endings)),
  }),
  { maxLength: 30 },
)

type World = Readonly<Record<(typeof names)[number], Ledger>>

const nothing: World = {
  staging: emptyLedger('shop', 'staging'),
  production: emptyLedger('shop', 'production'),
}

function act(world: World, { where, release, ending }: Act): World {
  const ledger = world[where]
  const target = release ?? targetBack(ledger)
  if (target === null) return world
  const after = attempt(ledger, release === null ? 'rollback' : 'deploy', target, ending)
  // The serving release is not deployed again, so nothing changed.
  return after === ledger ? world : { ...world, [where]: after }
}

const standings = (world: World) =>
  releases.map((release) => releaseStanding(release, [world.staging, world.production]))

/** Every step of every sequence: the state before, the deed, and the state after. */
const always = (check: (before: World, done: Act, after: World, succeeded: ReadonlySet<string>) => void) =>
  fc.assert(
    fc.property(acts, (sequence) => {
      const succeeded = new Set<string>()
      sequence.reduce((before, done) => {
        const after = act(before, done)
        const past = after[done.where].history[0]
        if (after !== before && past?.outcome.kind === 'succeeded') succeeded.add(past.release.tag)
        check(before, done, after, succeeded)
        return after
      }, nothing)
    }),
    { numRuns: 300 },
  )

const statesOf = (world: World) => standings(world).map(({ state, serves }) => ({ state, serves }))

describe('whatever is deployed, fails and is taken back in two environments', () => {
  test('never do two releases serve one environment MM-13', () => {
    always((_before, _done, after) => {
      for (const name of names) {
        const serving = standings(after).filter(({ serves }) => serves.includes(name))
        expect(serving.map(({ release }) => release.tag)).toEqual(
          after[name].serving === null ? [] : [after[name].serving?.release.tag],
        )
      }
    })
  })

  test('Deployed is just what serves an environment MM-14', () => {
    always((_before, _done, after) => {
      for (const { state, serves } of standings(after)) expect(state === 'deployed').toBe(serves.length > 0)
    })
  })

  test('Superseded is only what was deployed with success, and Ready only what never was', () => {
    always((_before, _done, after, succeeded) => {
      for (const { state, release } of standings(after))
        expect(state === 'ready').toBe(!succeeded.has(release.tag))
    })
  })

  test('a failure supersedes nothing, and deploys nothing', () => {
    always((before, done, after) => {
      if (done.ending !== 'succeeds') expect(statesOf(after)).toEqual(statesOf(before))
    })
  })

  test('two rollbacks never toggle: the second goes further back, or nowhere MM-22', () => {
    always((_before, { where }, after) => {
      const ledger = after[where]
      const first = act(after, { where, release: null, ending: 'succeeds' })
      if (first === after || first[where] === ledger) return
      const second = act(first, { where, release: null, ending: 'succeeds' })
      const path = lineage(ledger.history).map(({ tag }) => tag)
      const wentBack = [first, second].map((world) => lineage(world[where].history).map(({ tag }) => tag))
      expect(wentBack[0]).toEqual(path.slice(1))
      if (second !== first) expect(wentBack[1]).toEqual(path.slice(2))
    })
  })

  test('a rehearsal is a way back and one to it again, and every failure of the release takes it away', () => {
    always((before, { where, release, ending }, after) => {
      for (const { release: one, rehearsed } of standings(after))
        for (const { environment, back, again, to } of rehearsed) {
          const { history } = after[environment === 'staging' ? 'staging' : 'production']
          const past = (wanted: number) => history.find(({ number }) => number === wanted)
          expect(past(back)).toMatchObject({
            mode: 'rollback',
            from: { sha: one.sha },
            release: { sha: to.sha },
          })
          expect(past(again)).toMatchObject({ mode: 'deploy', release: { sha: one.sha } })
          expect(again).toBeGreaterThan(back)
        }
      if (release === null || ending === 'succeeds' || ending === 'is rejected' || after === before) return
      expect(releaseStanding(release, [after[where]]).rehearsed).toEqual([])
    })
  })

  test('a release that an environment just left by a rollback is flagged there, until it is deployed again MM-23', () => {
    always((before, { where, release, ending }, after) => {
      const left = before[where].serving?.release
      if (release !== null || ending !== 'succeeds' || after === before || left === undefined) return
      if (after[where].serving?.release.sha === left.sha) return
      const flagged = (world: World) =>
        releaseStanding(left, [world[where]]).flags.some(({ kind }) => kind === 'rolled-back')
      expect(flagged(after)).toBe(true)
      expect(flagged(act(after, { where, release: left, ending: 'succeeds' }))).toBe(false)
    })
  })
})
