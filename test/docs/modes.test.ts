import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allModes } from '../../src/domain/plan/modes.ts'
import { either } from '../../src/inputs/config/wording.ts'

test.each([
  ['result.md', '`mode`'],
  ['config.md', '`ROLLGATE_MODE`'],
])('docs/%s lists every mode there is for %s', (page, name) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  expect(text).toContain(`| ${name} | ${either(allModes)} |`)
})
