import { describe, expect, test } from 'vitest'
import { writtenPlan } from '../../src/domain/plan/written/plan.ts'
import { Problem } from '../../src/domain/problem.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { readShownPlan } from '../../src/inputs/read-shown-plan.ts'
import { aLedgerServing, aPlan } from '../domain/a-plan.ts'
import { kept } from '../fixtures/kept.ts'

const shown = shownPlan(aPlan())
const text = JSON.stringify(shown)

function refusalOf(given: string): Problem {
  try {
    readShownPlan(given)
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown
    throw thrown
  }
  throw new Error('it was read')
}

test('the digests of a plan are read as they were written, also where nothing serves', () => {
  expect(readShownPlan('')).toBeNull()
  expect(readShownPlan(text)).toEqual(shown)
  const first = shownPlan(aPlan({ ledger: aLedgerServing(null) }))
  expect(readShownPlan(JSON.stringify(first))).toEqual(first)
})

const change = (changed: object): string => JSON.stringify({ ...shown, ...changed })
const { hosts, ...withoutHosts } = shown.sections

describe('forged digests', () => {
  test.each<[string, string, string]>([
    ['no JSON', 'needs.plan.outputs.plan', 'is no JSON'],
    ['cut', text.slice(0, -1), 'is no JSON'],
    ['a number', '7', 'at its root'],
    ['null', 'null', 'at its root'],
    ['a list', '[]', 'at its root'],
    ['nested a thousand times', `${'['.repeat(1000)}${']'.repeat(1000)}`, 'has 2000 characters'],
    ['nested deeper than a stack', `${'['.repeat(60_000)}${']'.repeat(60_000)}`, 'has 120000 characters'],
    ['another schema', change({ schema: 3 }), 'has schema 3, and this Rollgate reads schema 2'],
    ['no schema', change({ schema: undefined }), 'at schema'],
    ['a schema in words', change({ schema: '2' }), 'at schema'],
    ['an unknown key', change({ digests: '' }), 'has the key "digests", which'],
    [
      'an unknown key that says more',
      change({ 'a\n::stop-commands::x': 1 }),
      'has the key "a\\n::stop-commands::x"',
    ],
    ['a prototype', `${text.slice(0, -1)},"__proto__":{"digest":"x"}}`, 'has the key "__proto__"'],
    ['a short digest', change({ digest: 'abc' }), 'at digest'],
    ['a digest in capitals', change({ digest: shown.digest.toUpperCase() }), 'at digest'],
    ['a digest that is a list', change({ digest: [shown.digest] }), 'at digest'],
    ['no digest', change({ digest: null }), 'at digest'],
    ['a tag for a commit', change({ release: 'v1.0.0' }), 'at release'],
    ['no commit of the release', change({ release: null }), 'at release'],
    ['a serving release that is a number', change({ serving: 0 }), 'at serving'],
    ['sections that are text', change({ sections: hosts }), 'at sections'],
    ['a missing section', change({ sections: withoutHosts }), 'at sections.hosts'],
    ['an empty section', change({ sections: { ...shown.sections, hosts: '' } }), 'at sections.hosts'],
    [
      'a section too many',
      change({ sections: { ...shown.sections, host: hosts } }),
      'has the key "host" in sections',
    ],
    ['a longer text', `${text}${' '.repeat(1024)}`, 'and the plan command gives at most 1024'],
  ])('%s: a problem with place, fact and action, and nothing thrown besides F47', (_what, given, fact) => {
    const { code, words } = refusalOf(given)
    expect(code).toBe('input-invalid')
    expect(words.what).toMatch(/^The input plan /)
    expect(words.what).toContain(fact)
    expect(words.next).toContain('needs.plan.outputs.plan')
    expect(words.next).toContain('Start a new run: it looks again')
  })
})

test.each([
  ['of 0.1.0', kept('mid-roll').plan ?? ''],
  ['of now, sealed by its own digest', JSON.stringify(writtenPlan(aPlan()))],
])('a whole plan %s is never believed, and the problem says to look again F47', (_which, whole) => {
  const { words } = refusalOf(whole)
  expect(words).toMatchObject({
    code: 'input-invalid',
    what: 'The input plan is a whole plan, as Rollgate 0.1.0 handed it over.',
    next: expect.stringContaining(
      'Use one version in all jobs of the workflow. Start a new run: it looks again',
    ),
  })
})
