import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagnose, type EnvironmentThere, type RepositoryRead } from '../../src/domain/doctor/diagnosis.ts'
import { questions } from '../../src/domain/doctor/health.ts'
import { absent, found, unknown } from '../../src/domain/reading.ts'

const production: EnvironmentThere = { name: 'production', reviewers: ['alice'], anyRef: true }
const watch: EnvironmentThere = { name: 'production-watch', reviewers: [], anyRef: false }

const good: RepositoryRead = {
  isPublic: found(false),
  immutableReleases: found(true),
  environments: found([production, watch]),
  workflows: { 'rollgate.yml': found('on:'), 'rollgate-watch.yml': found('on:') },
  haltLabels: { incident: found('there') },
}
const policy = { name: 'production', approval: { kind: 'reviewers', allowBypass: false } } as const
const lost = unknown({
  code: 'github-unavailable',
  what: 'No answer.',
  why: 'It is down.',
  next: 'Ask again.',
})

const notWell = (read: Partial<RepositoryRead>) =>
  diagnose([policy], { ...good, ...read })
    .filter(({ health }) => health !== 'well')
    .map(({ question, subject, health, next }) => {
      expect(next).not.toBe('')
      return `${health} ${question} ${subject ?? ''}`.trim()
    })

test('a repository that is set up: every answer is well', () => {
  expect(notWell({})).toEqual([])
})

test.each<[string, Partial<RepositoryRead>, ...string[]]>([
  [
    'no form',
    { workflows: { ...good.workflows, 'rollgate.yml': absent } },
    'ill workflow-files rollgate.yml',
  ],
  ['no clock', { workflows: { 'rollgate-watch.yml': absent } }, 'ill workflow-files rollgate-watch.yml'],
  [
    'a form that could not be read',
    { workflows: { 'rollgate.yml': lost } },
    'unknown workflow-files rollgate.yml',
  ],
  ['no environment', { environments: found([watch]) }, 'ill environment-there production'],
  [
    'another case',
    { environments: found([{ ...production, name: 'Production' }, watch]) },
    'ill environment-there production',
  ],
  [
    'no environments at all',
    { environments: absent },
    'ill environment-there production',
    'ill clock-environment production-watch',
  ],
  [
    'no label by which issues halt',
    { haltLabels: { incident: found(1), outage: absent } },
    'ill halt-label outage',
  ],
  ['a label that could not be read', { haltLabels: { incident: lost } }, 'unknown halt-label incident'],
  ['environments that could not be read', { environments: lost }, 'unknown environment-there production'],
  [
    'no reviewers',
    { environments: found([{ ...production, reviewers: [] }, watch]) },
    'ill environment-protected production',
  ],
  [
    'no environment of the clock',
    { environments: found([production]) },
    'ill clock-environment production-watch',
  ],
  [
    'a clock with reviewers',
    { environments: found([production, { ...watch, reviewers: ['bob'] }]) },
    'ill clock-environment production-watch',
  ],
  [
    'a clock for any branch',
    { environments: found([production, { ...watch, anyRef: true }]) },
    'ill clock-environment production-watch',
  ],
  ['releases that can change', { immutableReleases: found(false) }, 'ill immutable-releases'],
  ['releases off', { immutableReleases: absent }, 'ill immutable-releases'],
  ['releases unknown', { immutableReleases: lost }, 'unknown immutable-releases'],
  ['a public repository', { isPublic: found(true) }, 'beware repository-public'],
  ['a repository that is not shown', { isPublic: absent }, 'unknown repository-public'],
])('%s: said, with the next action', (_, read, ...answers) => {
  expect(notWell(read)).toEqual(answers)
})

test.each(['none', 'named'] as const)('an environment whose approval is %s needs no reviewers', (kind) => {
  const approval = kind === 'none' ? { kind } : { kind, from: ['alice'], notSelf: false }
  const environments = found([{ ...production, reviewers: [] }, watch])
  const answers = diagnose([{ name: 'production', approval }], { ...good, environments })
  expect(answers.filter(({ health }) => health !== 'well')).toEqual([])
})

test.each(questions)('docs/doctor.md has a section on %s', (question) => {
  expect(readFileSync('docs/doctor.md', 'utf8')).toContain(`\n## ${question}\n`)
})
