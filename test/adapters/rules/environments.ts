import { expect } from 'vitest'
import { gitHubSettings } from '../../../src/adapters/github/doctor/settings.ts'
import { gitHubLedgers } from '../../../src/adapters/github/ledger/store.ts'
import { gitHubRepository } from '../../../src/adapters/github/repository.ts'
import { emptyLedger } from '../../../src/domain/ledger/ledger.ts'
import { found } from '../../../src/domain/reading.ts'
import { environmentName } from '../../../src/inputs/config/schema/names.ts'
import { checkReviewers } from '../../../src/pipeline/lock/approvals.ts'
import type { SandboxGitHub } from '../../../src/sandbox/github/github.ts'
import { aGitHub, problemOf } from './a-github.ts'
import { gitHubRules, inFile, never, type RuleAnswer } from './answer.ts'

const reviewers = { kind: 'reviewers', allowBypass: false } as const
const run = { id: 7, attempt: 2, url: 'https://github.com/acme/shop/actions/runs/7' }

/** A run of production, which Ada and Grace review, with the reviews that it has. */
async function reviewed(arrange: (sandbox: SandboxGitHub) => void) {
  const { sandbox, github } = await aGitHub()
  sandbox.environment('production', { reviewers: { users: ['ada', 'grace'] } })
  sandbox.run({ id: run.id })
  arrange(sandbox)
  return checkReviewers(gitHubRepository(github), 'production', reviewers, run)
}

/** GitHub tells neither the attempt nor the time of a review: one that says no is never taken for outdated. */
async function aRefusalLasts(): Promise<void> {
  const problem = await problemOf(
    reviewed((sandbox) => {
      sandbox.approve(7, { environment: 'production', user: 'grace', state: 'rejected', comment: 'Not now' })
      sandbox.run({ id: 7, attempt: 2 })
      sandbox.approve(7, { environment: 'production', user: 'ada' })
    }),
  )
  expect(problem).toMatchObject({ code: 'approval-rejected', why: expect.stringContaining('Not now') })
  expect(problem.next).toContain('Start a new run')
}

const noReview = never(
  'People review at GitHub; Rollgate reads their reviews.',
  'actions.reviewPendingDeploymentsForRun',
)
const noSettings = never(
  'Rollgate reads the rules of environments and sets none.',
  'repos.createOrUpdateEnvironment',
)

export const environmentAnswers = {
  'environment-names-have-no-case': gitHubRules(
    'an environment and its approvals are found however the name is written',
  ),
  'environment-name-length': async () => {
    const longest = 'ü'.repeat(255)
    const { sandbox, github } = await aGitHub()
    sandbox.environment(longest, { reviewers: { users: ['ada'] } })
    expect(await gitHubRepository(github).environmentRules(longest)).toMatchObject({ kind: 'found' })
    const ledger = emptyLedger('shop', longest)
    const head = await gitHubLedgers(github).append(null, ledger, 'first')
    expect(await gitHubLedgers(github).read('shop', longest)).toEqual({ head, ledger })
    const taken = [longest, `${longest}ü`].map((name) => environmentName.safeParse(name).success)
    expect(taken).toEqual([true, false])
  },
  'environment-name-encoded': async () => {
    const { sandbox, github } = await aGitHub()
    sandbox.environment('eu/production', { reviewers: { users: ['ada'] } })
    const rules = { reviewers: ['ada'], preventsSelfReview: false }
    expect(await gitHubRepository(github).environmentRules('eu/production')).toEqual(found(rules))
  },
  'reviewers-at-most-six': noSettings,
  'wait-timer-range': noSettings,
  'private-repository-without-reviewers': gitHubRules(
    'a private repository below Enterprise is refused, and named people are the way',
  ),
  // `rollgate doctor` then says that any branch may use the environment of the clock.
  'private-repository-of-free-plan': async () => {
    const { sandbox, github } = await aGitHub({ tier: 'private-free' })
    sandbox.environment('production-watch', { branchPolicy: 'protected' })
    expect(await gitHubSettings(github).environments()).toEqual(
      found([{ name: 'production-watch', reviewers: [], anyRef: true }]),
    )
  },
  'one-approval-suffices': async () => {
    const words = await reviewed((sandbox) =>
      sandbox.approve(7, { environment: 'production', user: 'grace', comment: 'Seen' }),
    )
    expect(words).toMatch(/^approved by grace: Seen/)
  },
  'only-reviewers-approve': noReview,
  'apps-cannot-approve': noReview,
  'prevent-self-review': inFile('test/domain/planning.test.ts')(
    'rollback.not-self where GitHub reviews is a warning, for it has no effect there F37',
  ),
  'rejection-ends-the-run': inFile('test/conversations/gates.test.ts')(
    'nobody approves, a reviewer refuses, an administrator bypasses SP-04 GH-05 GH-06 GH-13',
  ),
  'review-needs-comment': noReview,
  'approvals-without-attempt-and-time': aRefusalLasts,
  'approvals-of-every-attempt': aRefusalLasts,
  'waiting-is-a-status': async () => {
    const { sandbox, github } = await aGitHub()
    sandbox.environment('production', { reviewers: { users: ['ada'] } })
    sandbox.run({ id: 7, waitingFor: ['production'] })
    expect(sandbox.runs[0]?.status).toBe('waiting')
    expect(await gitHubRepository(github).runState(7, 1)).toBe('live')
  },
} satisfies Record<string, RuleAnswer>
