import { describe, expect, test } from 'vitest'
import {
  readApprovers,
  readEnvironments,
  readHealth,
  readLabels,
  readWhere,
  type Understood,
} from '../../src/init/answers.ts'

const environments = [
  { name: 'staging', class: 'staging' },
  { name: 'production', class: 'production' },
] as const
const production = environments.slice(1)

const wordsOf = (answer: Understood<unknown>): string => (answer.kind === 'not' ? answer.words : 'understood')

describe('environments', () => {
  test.each([
    ['production', ['production']],
    ['staging, production', ['staging', 'production']],
    ['dev pre-prod live', ['sandbox', 'staging', 'production']],
    ['qa eu', ['staging', 'staging']],
    ['eu', ['production']],
  ])('%s: classes %j', (text, classes) => {
    const read = readEnvironments(text)
    expect(read.kind === 'value' ? read.value.map((one) => one.class) : read.words).toEqual(classes)
  })

  test.each(['', 'prod prod', 'a:b', '-x', 'prod$(id)', 'pro"d', 'x\u0007'])(
    '%j is not understood',
    (text) => {
      expect(wordsOf(readEnvironments(text))).not.toBe('understood')
    },
  )
})

describe('hosts', () => {
  test('the machine of the runner, in several words', () => {
    for (const text of ['', 'runner', 'this runner', 'local'])
      expect(readWhere(text, production)).toEqual({ kind: 'value', value: { kind: 'runner' } })
  })

  test('names, addresses and one login', () => {
    expect(readWhere('deploy@web-1 web-2=10.0.0.2, v6=2001:db8::1', production)).toEqual({
      kind: 'value',
      value: {
        kind: 'ssh',
        user: 'deploy',
        hosts: new Map([
          [
            'production',
            [
              { name: 'web-1', host: null },
              { name: 'web-2', host: '10.0.0.2' },
              { name: 'v6', host: '2001:db8::1' },
            ],
          ],
        ]),
      },
    })
  })

  test.each([
    ['web-1', 'Each environment has hosts of its own: write staging: host; production: host.'],
    ['staging: s-1', 'production has no hosts: write staging: host; production: host.'],
    ['stagin: s-1; production: p-1', 'stagin is none of the environments.'],
    ['staging: s-1; production: p-1 p-1', 'p-1 is named twice.'],
    ['staging: s-1; production: a@p-1 b@p-2', 'One login for all hosts'],
    ['staging: s-1; production: $(id)', '$(id) is no host'],
    ['staging: s-1; production: -oProxyCommand=x', '-oProxyCommand'],
    ['staging: s-1; production: 2001:db8::1', 'needs a name of its own'],
  ])('%s: %s', (text, words) => {
    expect(wordsOf(readWhere(text, environments))).toContain(words)
  })
})

test('a health check is a path or an address, and nothing with blanks or quotes', () => {
  expect(readHealth('/health?full=1')).toEqual({ kind: 'value', value: '/health?full=1' })
  expect(readHealth('none')).toEqual({ kind: 'value', value: null })
  expect(['health', '/a b', "/a'", 'ftp://x'].map((text) => readHealth(text).kind)).toEqual(
    Array(4).fill('not'),
  )
})

test('labels and people: names alone', () => {
  expect(readLabels('self-hosted, production')).toEqual({
    kind: 'value',
    value: ['self-hosted', 'production'],
  })
  expect(readLabels('${{ x }}').kind).toBe('not')
  expect(readApprovers('reviewers')).toEqual({ kind: 'value', value: [] })
  expect(readApprovers('alice;rm').kind).toBe('not')
})
