import type { MoveOver } from '../../src/domain/config/detour-recipe.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { aCommand, aService, count } from '../domain/a-plan.ts'
import { leanPlan } from './in-memory.ts'

const onStandIn = { ...aService('aside', 2), name: 'web' }
/** A move of visitors between two sides that share a database. */
export const aMoveOver = (change: Partial<MoveOver> = {}): MoveOver => ({
  kind: 'over',
  database: 'shared',
  door: { kind: 'command', observe: aCommand('door'), point: aCommand('point'), writes: null, marker: null },
  services: [onStandIn],
  links: { home: [], 'stand-in': [] },
  smokeTest: null,
  ...change,
})

/** A plan that moves visitors over, and migrates what both sides share. */
export const movingOver = (
  change: Partial<MoveOver> = {},
  { side = 'home', ...steps }: Partial<StepRecipes> & { side?: DetourSide } = {},
): Plan =>
  leanPlan({
    services: [aService('web', 2, { minAvailable: count(1) })],
    steps: {
      detour: aMoveOver(change),
      migrate: { command: aCommand('migrate-together'), phase: 'expand', repeatable: true },
      ...steps,
    },
    side,
  })
