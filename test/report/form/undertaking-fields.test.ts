import { describe, expect, test } from 'vitest'
import { allModes } from '../../../src/domain/plan/modes.ts'
import type { Plan } from '../../../src/domain/plan/plan.ts'
import { readForm } from '../../../src/inputs/form/read-form.ts'
import { undertakingFields } from '../../../src/report/form/undertaking-fields.ts'
import { command, planOf, policy, recipe } from '../scenario.ts'

/** The values of a page as the form itself reads them. */
const typed = (plan: Plan) => {
  const fields = undertakingFields(plan).map((field) => [field.name, 'value' in field ? field.value : ''])
  const { row, values, unused } = readForm(JSON.stringify(Object.fromEntries(fields)))
  return { command: row.command, values, unused }
}

describe('the values that a page gives for a plan', () => {
  for (const mode of allModes)
    test(`the form takes the values for ${mode}, and uses each`, () => {
      const { values, unused } = typed({ ...planOf(), mode })
      expect(unused).toEqual([])
      expect(values.environment).toBe('production')
    })

  test('the values ask for the same: the release, the confirmation and what was asked for besides', () => {
    const steps = { ...recipe.steps, reset: command('bin/reset') }
    const staging = { ...policy, name: 'staging', class: 'staging' as const }
    const plan = planOf({ reset: true, policy: staging, recipe: { ...recipe, steps } })
    const overridden = { freezes: ['x'], windows: [], by: 'rhea', reason: 'a fix; it is\nurgent' }
    expect(typed({ ...plan, overridden, older: 'v1.4.0' })).toMatchObject({
      command: 'deploy',
      values: {
        release: 'v1.3.0',
        confirm: 'staging',
        reset: 'true',
        'acknowledge-older': 'true',
        'override-freeze': 'a fix, it is urgent',
      },
    })
  })
})
