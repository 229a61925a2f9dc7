import { expect, test } from 'vitest'
import { describeOutcome, type Outcome, outcomeWord } from '../../src/domain/journal/outcome.ts'
import { aFailure } from './a-journal.ts'

const succeeded = (change: Partial<Extract<Outcome, { kind: 'succeeded' }>> = {}): Outcome => ({
  kind: 'succeeded',
  forced: [],
  excluded: [],
  failed: [],
  afterwards: null,
  ...change,
})
const rolledBack = (change: Partial<Extract<Outcome, { kind: 'rolled-back' }>> = {}): Outcome => ({
  kind: 'rolled-back',
  forced: [],
  excluded: [],
  failure: aFailure(),
  ...change,
})

test.each<[string, Outcome, string, string]>([
  ['a plain success', succeeded(), 'succeeded', 'succeeded'],
  ['forced instances WX-25', succeeded({ forced: ['web/a'] }), 'converged', 'converged with 1 forced'],
  [
    'everything that was set aside WX-25',
    succeeded({ forced: ['web/a'], excluded: ['web/b', 'web/c'], failed: ['web/d'] }),
    'converged',
    'converged with 1 forced, 2 excluded, 1 failed',
  ],
  [
    'a post-deploy hook that failed SP-37',
    succeeded({ afterwards: aFailure() }),
    'succeeded-post-deploy-failed',
    'succeeded, but afterwards: It exited with 1.',
  ],
  [
    'forced instances and a hook that failed WX-25',
    succeeded({ forced: ['web/a'], afterwards: aFailure() }),
    'succeeded-post-deploy-failed',
    'converged with 1 forced, but afterwards: It exited with 1.',
  ],
  ['a way back', rolledBack(), 'rolled-back', 'rolled back'],
  [
    'a way back with an instance left behind',
    rolledBack({ excluded: ['web/a'] }),
    'rolled-back',
    'rolled back with 1 excluded',
  ],
  [
    'a failure',
    { kind: 'failed', failure: aFailure(), stays: ['pre-deploy'] },
    'failed',
    'failed: It exited with 1.',
  ],
  ['a rejection', { kind: 'rejected', by: 'bob', reason: 'not today' }, 'rejected', 'rejected by bob'],
  [
    'a cancellation',
    { kind: 'cancelled', why: 'the run was lost', stays: [] },
    'cancelled',
    'cancelled: the run was lost',
  ],
  ['an end by decision', { kind: 'abandoned', by: 'bob', reason: '' }, 'abandoned', 'abandoned by bob'],
])('%s has one word for machines and a line for people', (_title, outcome, word, line) => {
  expect(outcomeWord(outcome)).toBe(word)
  expect(describeOutcome(outcome)).toBe(line)
})
