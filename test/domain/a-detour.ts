import type { StepAside } from '../../src/domain/config/detour-recipe.ts'
import { aCommand, aService } from './a-plan.ts'

/** A detour with two instances on the stand-in. */
export const aDetour = (change: Partial<StepAside> = {}): StepAside => ({
  kind: 'aside',
  mode: 'read-only',
  acceptDataLoss: false,
  when: 'asked',
  lasts: 86_400_000,
  database: { kind: 'command', observe: aCommand('look'), verbs: {} },
  door: { kind: 'command', observe: aCommand('door'), point: aCommand('point'), writes: null, marker: null },
  services: [aService('aside', 2)],
  env: {},
  links: ['https://home.example/?release=$ROLLGATE_RELEASE'],
  smokeTest: null,
  validateBeforeSwap: false,
  revertBy: 'promote',
  ...change,
})
