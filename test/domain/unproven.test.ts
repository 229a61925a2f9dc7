import { expect, test } from 'vitest'
import { aPlan, aPolicy } from './a-plan.ts'

test('a plan for a production that asks for no proof, beside a staging, says so F06', () => {
  const words = 'production asks for no proof: v1.1.0 need not have been in staging or eu.'
  const stagings = ['staging', 'eu']
  const warningsFor = (change: Parameters<typeof aPolicy>[0]) => aPlan({ policy: aPolicy(change) }).warnings
  expect(warningsFor({ stagings })).toContainEqual(expect.stringContaining(words))
  for (const change of [{}, { stagings, verifiedIn: 'staging' }, { stagings, class: 'staging' as const }])
    expect(warningsFor(change)).not.toContainEqual(expect.stringContaining('asks for no proof'))
  const back = aPlan({ policy: aPolicy({ stagings }), wanted: 'rollback' })
  expect(back.warnings).not.toContainEqual(expect.stringContaining('asks for no proof'))
})
