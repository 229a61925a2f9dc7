import { expect, test } from 'vitest'
import { allSteps, aPlan, aRecipe, aScheduler } from './a-plan.ts'

const planWith = (change: Parameters<typeof aScheduler>[0], migrates = true) =>
  aPlan({
    recipe: aRecipe({
      steps: {
        ...allSteps,
        migrate: migrates ? allSteps.migrate : null,
        scheduler: aScheduler({ deploy: null, ...change }),
      },
    }),
  }).warnings.filter((warning) => warning.startsWith('Running jobs'))

test('a scheduler without running is warned of, with what may run beside its jobs F08', () => {
  expect(planWith({ running: null })).toEqual([
    'Running jobs are not waited for: steps.scheduler has no running. The migration may run beside them.',
  ])
  expect(planWith({ running: null }, false)).toEqual([
    'Running jobs are not waited for: steps.scheduler has no running.',
  ])
})

test('a scheduler that goes on after its time is warned of, and one that is drained is not F08', () => {
  expect(planWith({ onTimeout: 'proceed' })).toEqual([
    'Running jobs are waited for until drain-timeout and no longer: on-timeout is proceed. The migration may run beside them.',
  ])
  expect(planWith({ onTimeout: 'fail' })).toEqual([])
})
