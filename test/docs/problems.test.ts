import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problemCodes } from '../../src/domain/problem.ts'

const text = readFileSync(new URL('../../docs/problems.md', import.meta.url), 'utf8')

test('docs/problems.md explains every code there is and no other, in their order', () => {
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([...problemCodes])
})

test.each(problemCodes)('%s: what it means, why it is likely, and what to do', (code) => {
  const [, section = ''] =
    new RegExp(`^## ${code}\\n\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(text) ?? []
  expect(section).toMatch(
    /^\*\*What\*\*: \S[\s\S]*\n\*\*Why\*\*: \S[\s\S]*\n\*\*What to do\*\*: \S[\s\S]*\.\n*$/,
  )
})
