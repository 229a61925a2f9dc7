import { expect, test } from 'vitest'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import { recipeDifferences } from '../../src/domain/config/recipe-differences.ts'
import { aCommand, allSteps, aRecipe, aScheduler, aService, aTestBed } from './a-plan.ts'

const web = aService('web', 3)
const worker = aService('worker', 2)

test.each<[string, Partial<Recipe>, string[]]>([
  ['nothing', {}, []],
  ['a hook', { steps: { ...allSteps, postDeploy: aCommand('other') } }, ['steps.post-deploy']],
  ['a hook that is not there', { steps: { ...allSteps, preDeploy: null } }, ['steps.pre-deploy']],
  ['the scheduler', { steps: { ...allSteps, scheduler: aScheduler({ lease: 1 }) } }, ['steps.scheduler']],
  ['what a rollback leaves out', { steps: { ...allSteps, build: null, migrate: null } }, []],
  [
    'parts of a service',
    { services: [{ ...web, healthCheck: null, traffic: web.traffic, version: null }] },
    ['services.web.version', 'services.web.health-check'],
  ],
  ['its test bed, which a rollback does without', { services: [{ ...web, testBed: aTestBed(1) }] }, []],
  ['a service more', { services: [web, worker] }, ['services.worker']],
])('two configs differ in: %s', (_title, change, expected) => {
  const one = aRecipe({ services: [web] })
  expect(recipeDifferences(one, aRecipe({ services: [web], ...change }))).toEqual(expected)
  expect(recipeDifferences(aRecipe({ services: [web], ...change }), one)).toEqual(expected)
})

test('the order of services counts, also around one that is new', () => {
  const both = aRecipe({ services: [web, worker] })
  expect(recipeDifferences(both, aRecipe({ services: [worker, web] }))).toEqual(['the order of the services'])
  const more = aRecipe({ services: [aService('api', 2), web, worker] })
  expect(recipeDifferences(both, more)).toEqual(['services.api'])
})
