import { expect, test } from 'vitest'
import { stepFrom, writtenStep } from '../../src/domain/plan/written/plan.ts'
import type { Step } from '../../src/domain/step/step.ts'
import { aCommand } from './a-plan.ts'

test('a reset is written as the migration that 0.1.0 knows, and that is read as a reset', () => {
  const reset: Step = { kind: 'reset', id: 'reset', command: aCommand('reset'), phase: 'contract' }
  const written = { ...reset, kind: 'migrate', repeatable: false } as const
  expect(writtenStep(reset)).toEqual(written)
  expect(stepFrom(written)).toEqual(reset)
})
