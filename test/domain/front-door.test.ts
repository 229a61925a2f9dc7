import { describe, expect, test } from 'vitest'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import { allSteps, aPlan, aPolicy, aRecipe } from './a-plan.ts'

const http = (url: string) => ({ kind: 'http', url, timeout: 5_000 }) as const
const verify = (url: string): Partial<StepRecipes> => ({
  verify: { http: http(url), command: null, attempts: 1, interval: 0, onFailure: 'ask' },
})
const bake = (url: string): Partial<StepRecipes> => ({
  bake: {
    lasts: 600_000,
    on: 'clock',
    interval: 15_000,
    figures: http(url),
    atMost: { errors: 1 },
    onFailure: 'ask',
  },
})

const refusalsOf = (
  steps: Partial<StepRecipes>,
  url: string | null,
  wanted: 'deploy' | 'restart' = 'deploy',
) =>
  aPlan({ wanted, recipe: aRecipe({ steps: { ...allSteps, ...steps } }), policy: aPolicy({ url }) }).refusals

describe('an address of the whole environment', () => {
  test.each([
    [verify('$ROLLGATE_URL/health'), 'https://shop.example.com'],
    [verify('https://$ROLLGATE_ENVIRONMENT.example.com'), null],
    [bake('$ROLLGATE_URL/metrics?from=$ROLLGATE_FROM&until=$ROLLGATE_UNTIL'), 'https://shop.example.com'],
  ])('is asked where all its variables are known', (steps, url) => {
    expect(refusalsOf(steps, url)).toEqual([])
  })

  test.each([
    [verify('$ROLLGATE_URL/health'), 'steps.verify.http needs $ROLLGATE_URL, and production has no url.'],
    [
      verify('http://127.0.0.1:$PORT/'),
      'steps.verify.http needs $PORT, which no command of production is given.',
    ],
    [verify('http://$ROLLGATE_INSTANCE/'), 'steps.verify.http needs $ROLLGATE_INSTANCE'],
    [verify('https://$ROLLGATE_ENVIRONMENT/$ROLLGATE_FROM'), 'steps.verify.http needs $ROLLGATE_FROM'],
    [bake('$ROLLGATE_URL/metrics'), 'steps.verify.figures.http needs $ROLLGATE_URL'],
  ])('is refused before the gate where it could not be asked MM-15', (steps, what) => {
    expect(refusalsOf(steps, null)).toMatchObject([
      { code: 'config-invalid', what: expect.stringContaining(what) },
    ])
    expect(refusalsOf(steps, null, 'restart')).toEqual([])
  })
})
