import { describe, expect, test } from 'vitest'
import { runnerRules } from '../../../src/sandbox/rules/runner.ts'
import { serverRules } from '../../../src/sandbox/rules/server.ts'
import { allRules } from '../../../src/sandbox/rules/table.ts'
import { workflowRules } from '../../../src/sandbox/rules/workflow.ts'

describe('the table of rules', () => {
  test('each rule has one row, under an ID in kebab-case', () => {
    const ids = [serverRules, workflowRules, runnerRules].flatMap((rules) => Object.keys(rules))
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    expect(ids.filter((id) => !/^[a-z\d]+(-[a-z\d]+)*$/.test(id))).toEqual([])
  })

  test.each(allRules)(
    '%s says the rule in a sentence, with a source and a date',
    (_, { rule, source, date, kept }) => {
      expect(rule).toMatch(/^\S.*[^.]\.$/)
      expect(source.length).toBeGreaterThan(5)
      expect(date).toMatch(/^20\d\d-(0\d|1[012])(-[0-3]\d)?$/)
      if (typeof kept !== 'string') expect(kept.notModelled).toMatch(/^\S.*\S\.$/)
    },
  )

  test('a rule lies in the file of the part that keeps it', () => {
    const files = { server: serverRules, workflow: workflowRules, runner: runnerRules }
    const astray = Object.entries(files).flatMap(([place, rules]) =>
      Object.entries<{ kept: unknown }>(rules).filter(
        ([, { kept }]) => typeof kept === 'string' && kept !== place,
      ),
    )
    expect(astray).toEqual([])
  })
})
