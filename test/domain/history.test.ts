import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineage, previousRelease, servedAs } from '../../src/domain/ledger/history.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import { aRelease } from './a-plan.ts'

const [v1, v2, v3] = [aRelease('v1'), aRelease('v2'), aRelease('v3')]
const back = (release: typeof v1) => aPast(release, { mode: 'rollback' })
const again = (release: typeof v1) => aPast(release, { mode: 'redeploy' })

describe('the history of an environment', () => {
  test.each<[string, Past[], string[]]>([
    ['nothing yet', [], []],
    ['each deployment goes on top', [aPast(v1), aPast(v2), aPast(v3)], ['v3', 'v2', 'v1']],
    ['a failure goes nowhere', [aPast(v1), aFailed(v2)], ['v1']],
    ['a rollback takes away what it went back from', [aPast(v1), aPast(v2), back(v1)], ['v1']],
    ['a rollback over two', [aPast(v1), aPast(v2), aPast(v3), back(v1)], ['v1']],
    ['a deployment after a rollback', [aPast(v1), aPast(v2), back(v1), aPast(v3)], ['v3', 'v1']],
    ['a redeployment stays in its place', [aPast(v1), aPast(v2), again(v2)], ['v2', 'v1']],
    ['an older release deployed again', [aPast(v1), aPast(v2), aPast(v1)], ['v1', 'v2', 'v1']],
    ['a rollback that failed', [aPast(v1), aPast(v2), aFailed(v1, { mode: 'rollback' })], ['v2', 'v1']],
    ['a rollback to what history has forgotten', [aPast(v2), back(v1)], ['v1', 'v2']],
  ])('%s', (_title, pasts, expected) => {
    expect(lineage(aHistory(...pasts)).map(({ tag }) => tag)).toEqual(expected)
  })
})

describe('the release before', () => {
  test('is the last that served, not the last that was tried WX-29', () => {
    expect(previousRelease(aHistory(aPast(v1), aFailed(v2), aPast(v3)))).toEqual(v1)
  })

  test('is none on a first deployment, so that there is nothing to go back to MM-20', () => {
    expect(previousRelease(aHistory(aPast(v1)))).toBeNull()
    expect(previousRelease([])).toBeNull()
  })

  test('after a rollback is further back, not the one that was just left MM-22', () => {
    const history = aHistory(aPast(v1), aPast(v2), aPast(v3), back(v2))
    expect(previousRelease(history)).toEqual(v1)
  })

  test('rollbacks in a row, after anything at all, never toggle and come to an end MM-22', () => {
    const deeds = fc.array(fc.constantFrom('deploy', 'fail', 'back', 'fail back', 'again'), { maxLength: 20 })
    fc.assert(
      fc.property(deeds, (done) => {
        let history: Past[] = []
        const add = (past: Past) => {
          history = [{ ...past, number: history.length + 1 }, ...history]
        }
        done.forEach((deed, at) => {
          const [serving, previous] = lineage(history)
          if (deed === 'deploy') add(aPast(aRelease(`r${at}`)))
          else if (deed === 'fail') add(aFailed(aRelease(`r${at}`)))
          else if (deed === 'again' && serving !== undefined) add(again(serving))
          else if (deed === 'back' && previous !== undefined) add(back(previous))
          else if (deed === 'fail back' && previous !== undefined)
            add(aFailed(previous, { mode: 'rollback' }))
        })
        const left = new Set<string>()
        for (let depth = lineage(history).length; depth > 1; depth -= 1) {
          const [serving, previous] = lineage(history)
          if (serving === undefined || previous === undefined) throw new Error('nothing to go back to')
          left.add(serving.sha)
          expect(left.has(previous.sha)).toBe(false)
          add(back(previous))
          expect(lineage(history)[0]).toEqual(previous)
          expect(lineage(history)).toHaveLength(depth - 1)
        }
      }),
    )
  })
})

describe('a release has served', () => {
  const history = aHistory(aPast(v1), aFailed(v2), aPast(v3), back(v1))

  test('finds the latest time', () => expect(servedAs(history, 'v1')?.number).toBe(4))
  test('does not count a failure', () => expect(servedAs(history, 'v2')).toBeNull())
  test('does not know what never came', () => expect(servedAs(history, 'v9')).toBeNull())
})
