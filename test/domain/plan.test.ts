import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { sealPlan } from '../../src/domain/plan/seal.ts'
import { differences, shownPlan } from '../../src/domain/shown/shown-plan.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  aScheduler,
  aService,
  count,
} from './a-plan.ts'

const plan = aPlan()
const migrating = (change: object) =>
  aPlan({
    recipe: aRecipe({
      steps: {
        ...allSteps,
        migrate: { command: aCommand('migrate'), phase: 'expand', repeatable: false, ...change },
      },
    }),
  })

describe('the digest of a plan', () => {
  test('is the same for the same wish', () => {
    expect(aPlan().digest).toBe(plan.digest)
    expect(plan.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  test('does not depend on the order of keys', () => {
    const { digest: _, ...unsealed } = plan
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const shuffled = (value: unknown): unknown => {
          if (Array.isArray(value)) return value.map(shuffled)
          if (value === null || typeof value !== 'object') return value
          const entries = Object.entries(value).map(([key, inner]) => ({
            place: numbers.next().value ?? 0,
            entry: [key, shuffled(inner)] as const,
          }))
          return Object.fromEntries(entries.sort((a, b) => a.place - b.place).map(({ entry }) => entry))
        }
        expect(sealPlan(shuffled(unsealed) as Omit<Plan, 'digest'>).digest).toBe(plan.digest)
      }),
      { numRuns: 20 },
    )
  })

  test.each<[string, Plan]>([
    ['a command', migrating({ command: aCommand('migrate --force') })],
    ['a timeout', migrating({ command: { ...aCommand('migrate'), timeout: 1 } })],
    ['an environment variable', migrating({ command: { ...aCommand('migrate'), env: { A: 'b' } } })],
    ['a shell', migrating({ command: { ...aCommand('migrate'), shell: 'sh' } })],
    ['a migration phase', migrating({ phase: 'contract' })],
    ['whether a step may be repeated', migrating({ repeatable: true })],
    ['the instances', aPlan({ recipe: aRecipe({ services: [aService('web', 4)] }) })],
    ['the width', aPlan({ recipe: aRecipe({ services: [aService('web', 3, { maxParallel: count(2) })] }) })],
    ['a tolerance', aPlan({ recipe: aRecipe({ services: [aService('web', 3, { maxFailures: 1 })] }) })],
    [
      'the order of steps',
      aPlan({
        recipe: aRecipe({ steps: { ...allSteps, scheduler: aScheduler({ resumeAfter: 'services' }) } }),
      }),
    ],
    ['who approves', aPlan({ policy: aPolicy({ approval: { kind: 'reviewers', allowBypass: true } }) })],
    ['the environment', aPlan({ policy: aPolicy({ name: 'staging' }) })],
    ['the release', aPlan({ release: aRelease('v1.1.0', { sha: 'f'.repeat(40) }) })],
    ['what serves', aPlan({ ledger: aLedgerServing(aRelease('v0.9.0')) })],
  ])('is another one when %s changes', (_title, changed) => {
    expect(changed.digest).not.toBe(plan.digest)
    expect(differences(shownPlan(plan), changed)).not.toEqual([])
  })
})
