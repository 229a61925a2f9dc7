import { describe, expect, test } from 'vitest'
import { repeatable, traitsOf } from '../../src/domain/step/traits.ts'
import { aCommand, allSteps, aPlan, aRecipe } from './a-plan.ts'

const recipe = aRecipe({ steps: { ...allSteps, reset: aCommand('reset') } })
const plans = [
  aPlan(),
  aPlan({ recipe, reset: true }),
  aPlan({ wanted: 'rollback' }),
  aPlan({ wanted: 'scheduler-run' }),
]
const steps = plans.flatMap((plan) => plan.steps.map((step) => ({ plan, step, row: traitsOf(step) })))
const kindsThat = (is: (one: (typeof steps)[number]) => boolean): string[] => [
  ...new Set(steps.filter(is).map(({ step }) => step.kind)),
]

describe('the rows of the steps', () => {
  test('have no step that must not run twice and is not saved before it runs', () => {
    expect(kindsThat(({ step, row }) => !repeatable(step) && row.save === 'none')).toEqual([])
  })

  test('have no step that a stopped run undoes and that has no undo in any plan', () => {
    const undone = kindsThat(({ row }) => row.whenStopped === 'take-back')
    const undoable = kindsThat(({ plan, step, row }) => row.undo(step, plan).kind === 'by')
    expect(undone.filter((kind) => !undoable.includes(kind))).toEqual([])
    expect(undone).toEqual(['suspend-scheduler', 'deploy-scheduler'])
  })

  test('open, need and close each lease', () => {
    const partIn = (part: string) =>
      kindsThat(({ row }) => row.brackets.some((bracket) => bracket.part === part))
    expect(partIn('opens')).toEqual(['suspend-scheduler'])
    expect(partIn('needs')).toEqual(['deploy-scheduler', 'migrate', 'reset'])
    expect(partIn('closes')).toEqual(['resume-scheduler'])
  })
})
