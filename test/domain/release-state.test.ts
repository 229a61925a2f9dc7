import { describe, expect, test } from 'vitest'
import { withBlock, withoutBlock } from '../../src/domain/ledger/blocking.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { knownReleases, releaseStanding } from '../../src/domain/release/release-state.ts'
import { aTime, started, taken } from './a-journal.ts'
import { aLedgerServing, aPlan, aRelease } from './a-plan.ts'
import { attempt, begin, type Ending, events } from './release-life.ts'

const [a, b, c] = [aRelease('v1'), aRelease('v2'), aRelease('v3')]
const block = { tag: b.tag, sha: b.sha, reason: 'it loses orders', by: 'rhea', at: aTime(9) }

type Attempt = ['deploy' | 'rollback', typeof a, Ending?]

const life = (environment: string, ...attempts: readonly Attempt[]): Ledger =>
  attempts.reduce(
    (ledger, [wanted, release, ending = 'succeeds']) => attempt(ledger, wanted, release, ending),
    emptyLedger('shop', environment),
  )

const states = (...ledgers: readonly Ledger[]) =>
  [a, b, c].map((release) => releaseStanding(release, ledgers).state)

describe('the state of a release', () => {
  test('is Ready while it has served nowhere, whatever was tried', () => {
    const ledger = life('production', ['deploy', a, 'fails'], ['deploy', b, 'is rejected'])
    expect(states(ledger)).toEqual(['ready', 'ready', 'ready'])
  })

  test('B deployed where A was is Deployed, and A is Superseded MM-13', () => {
    expect(states(life('production', ['deploy', a], ['deploy', b]))).toEqual([
      'superseded',
      'deployed',
      'ready',
    ])
  })

  test('a release superseded in staging that serves production is Deployed MM-14', () => {
    const staging = life('staging', ['deploy', a], ['deploy', b])
    const production = life('production', ['deploy', a])
    expect(releaseStanding(a, [staging, production])).toMatchObject({
      state: 'deployed',
      serves: ['production'],
    })
  })

  test('a failure supersedes nothing', () => {
    const ledger = life('production', ['deploy', a], ['deploy', b, 'fails'], ['deploy', c, 'is abandoned'])
    expect(states(ledger)).toEqual(['deployed', 'ready', 'ready'])
  })

  test('one that was rolled back is Superseded, and says so MM-23', () => {
    const production = life('production', ['deploy', a], ['deploy', b], ['rollback', a])
    expect(releaseStanding(b, [production])).toEqual({
      release: { tag: b.tag, sha: b.sha },
      state: 'superseded',
      serves: [],
      flags: [{ kind: 'rolled-back', environment: 'production', deployment: 3 }],
      rehearsed: [],
    })
    expect(aPlan({ release: b, ledger: production }).warnings).toContain(
      'production went back from v2 before, in deployment 3.',
    )
  })

  test('a Superseded release is deployed again, and is rid of what was before MM-27', () => {
    const again = life('production', ['deploy', a], ['deploy', b], ['rollback', a], ['deploy', b])
    expect(releaseStanding(b, [again])).toMatchObject({ state: 'deployed', flags: [] })
  })

  test('a release is rehearsed once the environment went back from it and to it again', () => {
    const staging = life('staging', ['deploy', a], ['deploy', b], ['rollback', a], ['deploy', b])
    const production = life('production', ['deploy', a])
    expect(releaseStanding(b, [staging, production]).rehearsed).toEqual([
      { environment: 'staging', to: { tag: a.tag, sha: a.sha }, back: 3, again: 4, at: expect.any(String) },
    ])
    expect(releaseStanding(a, [staging, production]).rehearsed).toEqual([])
  })

  test('taken back in the middle it never served, and says so all the same', () => {
    const production = life('production', ['deploy', a], ['deploy', b, 'is taken back'])
    expect(releaseStanding(b, [production])).toMatchObject({
      state: 'ready',
      flags: [{ kind: 'rolled-back', deployment: 2 }],
    })
  })

  test('an abandoned one says so, until it is deployed', () => {
    const abandoned = life('production', ['deploy', a], ['deploy', b, 'is abandoned'])
    expect(releaseStanding(b, [abandoned]).flags).toEqual([
      { kind: 'abandoned', environment: 'production', deployment: 2 },
    ])
    expect(releaseStanding(b, [attempt(abandoned, 'deploy', b, 'succeeds')]).flags).toEqual([])
  })

  test('a release that the history has forgotten, and that another replaced, has served', () => {
    const ledger = life('production', ['deploy', a], ['deploy', b])
    const forgotten = { ...ledger, history: ledger.history.slice(0, 1) }
    expect(states(forgotten)).toEqual(['superseded', 'deployed', 'ready'])
  })
})

describe('a deployment that is under way', () => {
  const begun = begin(aLedgerServing(a), 'deploy', b)
  if (begun === null) throw new Error('it is planned')

  test('with a test bed in place its release is partial, not Deployed WX-34', () => {
    expect(releaseStanding(b, [begun])).toMatchObject({ state: 'ready', flags: [] })
    const tried = events(begun, started('roll-services/web'), taken('roll-services/web', 'web-1'))
    expect(releaseStanding(b, [tried])).toMatchObject({
      state: 'ready',
      serves: [],
      flags: [{ kind: 'partial', environment: 'production', deployment: 1 }],
    })
    expect(releaseStanding(a, [tried])).toMatchObject({ state: 'deployed', flags: [] })
  })

  test('a serving release that is brought to its instances again is Deployed, and not partial', () => {
    const plan = aPlan({ release: a, ledger: aLedgerServing(a), redeploy: true })
    const deployment = {
      number: 7,
      plan,
      journal: [],
      holder: null,
      record: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    }
    const ledger = events({ ...aLedgerServing(a), deployment }, started('roll-services/web'))
    expect(releaseStanding(a, [ledger])).toMatchObject({ state: 'deployed', flags: [] })
  })
})

describe('a block', () => {
  const ledger = withBlock(life('production', ['deploy', a]), block)

  test('is a flag with who, when and why, in its environment alone', () => {
    expect(releaseStanding(b, [ledger, life('staging', ['deploy', b])])).toMatchObject({
      state: 'deployed',
      serves: ['staging'],
      flags: [
        { kind: 'blocked', environment: 'production', reason: 'it loses orders', by: 'rhea', at: aTime(9) },
      ],
    })
  })

  test('holds for the same commit by another tag, and for the same tag on another commit', () => {
    const kinds = (release: typeof b) => releaseStanding(release, [ledger]).flags.map(({ kind }) => kind)
    expect(kinds({ ...b, tag: 'v2-final' })).toEqual(['blocked'])
    expect(kinds({ ...b, sha: 'f'.repeat(40) })).toEqual(['blocked'])
    expect(kinds(c)).toEqual([])
  })

  test('is taken back whole, and one of the same release takes its place', () => {
    const anew = withBlock(ledger, { ...block, reason: 'another reason' })
    expect(anew.blocked?.map(({ reason }) => reason)).toEqual(['another reason'])
    expect(withoutBlock(anew, b).blocked).toEqual([])
  })

  test('outlives deployments', () => {
    expect(attempt(ledger, 'deploy', c, 'succeeds').blocked).toEqual([block])
  })
})

test('every release that an environment had to do with is known, each once', () => {
  const ledger = withBlock(life('production', ['deploy', a], ['deploy', c]), block)
  const known = knownReleases([ledger, life('staging', ['deploy', a])])
  expect(known.map(({ tag }) => tag).sort()).toEqual(['v1', 'v2', 'v3'])
})
