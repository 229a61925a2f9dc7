import { readdirSync, readFileSync } from 'node:fs'
import { getOctokit } from '@actions/github'
import { describe, expect, test } from 'vitest'
import type { RuleKeptBy } from '../../../src/sandbox/rules/table.ts'
import type { NeverMet, RuleAnswer, ShownElsewhere } from './answer.ts'
import { deploymentAnswers } from './deployments.ts'
import { environmentAnswers } from './environments.ts'
import { eventAnswers } from './events.ts'
import { limitAnswers } from './limits.ts'
import { referenceAnswers } from './references.ts'
import { releaseAnswers } from './releases.ts'
import { tokenAnswers } from './tokens.ts'

/** The compiler refuses a rule without an answer. */
const answers: Readonly<Record<RuleKeptBy<'server'>, RuleAnswer>> = {
  ...tokenAnswers,
  ...limitAnswers,
  ...referenceAnswers,
  ...releaseAnswers,
  ...deploymentAnswers,
  ...environmentAnswers,
  ...eventAnswers,
}

/** The file that sends what the client asks for. */
const carrier = 'adapters/github/carrier.ts'
const sources: readonly string[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/') && file !== carrier)
  .map((file) => readFileSync(`src/${file}`, 'utf8'))

const { rest } = getOctokit('no token')
const methodsOf = (area: string): object => rest[area as keyof typeof rest] ?? {}

/** The methods of the client that Rollgate calls, like `git.createRef`. */
const calls = new Set(
  sources
    .flatMap((text) => [...text.matchAll(/\b([a-z]+)\s*\.\s*([a-z]\w+)\(/gi)])
    .filter(([, area = '', method = '']) => method in methodsOf(area))
    .map(([, area, method]) => `${area}.${method}`),
)

/** The titles of a file's tests, `test.each` included. */
const titled = /(?:\btest|\))\(\s*(['`])(.+?)\1,\s*(?:async\s*)?\(/g

function isShown({ shownIn, test: title }: ShownElsewhere): void {
  const titles = [...readFileSync(shownIn, 'utf8').matchAll(titled)].map(([, , one]) => one)
  expect(titles).toContain(title)
}

function isNeverMet({ notMet, calls: theirs }: NeverMet): void {
  expect(notMet).toMatch(/^\S.*\S\.$/)
  for (const call of theirs) {
    const [area = '', method = ''] = call.split('.')
    expect(methodsOf(area)).toHaveProperty(method)
    expect([...calls]).not.toContain(call)
  }
}

describe('Rollgate under a rule of GitHub', () => {
  test.each(Object.entries(answers))('%s', async (_rule, answer) => {
    expect.hasAssertions()
    if (typeof answer === 'function') await answer()
    else if ('shownIn' in answer) isShown(answer)
    else isNeverMet(answer)
  })

  test('every request goes through a method of the client, which names its operation', () => {
    expect(calls).toContain('repos.createDeployment')
    const goesPast = /\.(?:graphql|paginate|request)\(/
    expect(sources.filter((text) => goesPast.test(text))).toEqual([])
    expect(readFileSync(`src/${carrier}`, 'utf8')).toMatch(goesPast)
  })
})
