import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { sealPlan } from '../../src/domain/plan/seal.ts'
import { sectionNames, sections } from '../../src/domain/shown/sections.ts'
import { differences, shownPlan, wasShown } from '../../src/domain/shown/shown-plan.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  aTestBed,
  newer,
  older,
} from './a-plan.ts'

const plan = aPlan()

/** A plan in which no field is null or empty, so that each one can be changed. */
const rich: Plan = {
  ...aPlan({
    policy: aPolicy({
      url: 'https://shop.example.com',
      logs: 'https://logs.example.com',
      unanswered: { after: 60_000, decision: 'abandon' },
      approval: { kind: 'named', from: ['alice'], notSelf: true, expires: 60_000 },
      issues: { assignees: ['alice'], labels: ['incident'] } as never,
    }),
    recipe: aRecipe({
      steps: { ...allSteps, build: { command: aCommand('build'), unless: aCommand('unless') } },
      services: [
        aService('web', 3, {}, { fleet: anSshFleet(['web-1', 'web-2', 'web-3']), testBed: aTestBed(1) }),
      ],
    }),
    configBack: { kind: 'read', differences: ['steps.migrate'] },
  }),
  snapshot: {
    kind: 'verified',
    artifacts: 1,
    url: 'https://example.com',
    immutable: true,
    prerelease: false,
  },
  omitted: [{ kind: 'build', reason: 'none' }],
  refusals: [{ code: 'frozen', what: 'It is frozen.', why: 'So.', next: 'Wait.' }],
  unsafe: 'no',
  older: 'v2',
  baseChange: { from: '1', to: '2' },
  guard: { reasons: ['It destroys.'], words: 'production', confirmed: true },
  overridden: { freezes: ['spring'], windows: ['night'], by: 'alice', reason: 'now' },
  verification: { kind: 'verified', where: 'staging', deployment: 1, words: 'good' },
  rehearsal: { kind: 'unrehearsed', where: 'staging', to: 'v1', why: 'no' },
  schedule: { id: 's1', at: { at: 'now', local: 'now' }, by: 'alice', reason: 'so' },
  files: { findings: [{ kind: 'no-file', key: 'a', path: 'b', near: null, certain: true }], unread: 'no' },
  requiresVariables: ['REGION'],
  shownAs: 'before',
}

/** The path of every single value. */
const pathsIn = (value: unknown, path: readonly string[] = []): string[][] =>
  value !== null && typeof value === 'object' && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))
    : [[...path]]

function altered(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof value === 'string' ? `${value}~` : { altered: value }
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) }
  const fields = copy as Record<string, unknown>
  fields[key] = altered(fields[key], rest)
  return copy
}

const movedIn = (now: Plan): string[] =>
  sectionNames.filter((name) => !wasShown(shownPlan(rich), name, sections[name].part(now)))

test('every value of a plan is in a section: no change is without a name', () => {
  const { digest: _, ...content } = rich
  const paths = pathsIn(content)
  expect(paths.length).toBeGreaterThan(200)
  expect(paths.filter((path) => movedIn(altered(rich, path) as Plan).length === 0)).toEqual([])
})

test.each<[string, readonly string[], readonly string[]]>([
  ['the rule of the approval', ['steps', '1', 'rule', 'notSelf'], ['policy']],
  ['a command', ['steps', '2', 'command', 'run'], ['recipe']],
  ['the class', ['environment', 'class'], ['policy']],
  ['the app', ['app'], ['request']],
  ['a proof', ['verification', 'words'], ['verification']],
  ['a warning', ['warnings', '0'], ['warnings']],
  ['a freeze', ['overridden', 'reason'], ['override']],
])('%s moves its own section alone', (_what, path, moved) => {
  expect(movedIn(altered(rich, path) as Plan)).toEqual(moved)
})

test('a changed variable of one host of many moves the hosts, and neither the recipe nor the batches', () => {
  const at = rich.steps.findIndex(({ kind }) => kind === 'roll-services')
  const path = ['steps', String(at), 'service', 'fleet', 'instances', '1', 'host']
  expect(movedIn(altered(rich, path) as Plan)).toEqual(['hosts'])
})

test('the text has the same length for every plan, and at most 1 KB F15', () => {
  const many = Array.from({ length: 3_000 }, (_, at) => `web-${at}.shop.example.com`)
  const services = [aService('web', 3, {}, { fleet: anSshFleet(many) })]
  const large = aPlan({ recipe: aRecipe({ services }) })
  const [small, big] = [plan, large].map((one) => JSON.stringify(shownPlan(one)).length)
  expect(big).toBe(small)
  expect(small).toBeLessThanOrEqual(1024)
})

test('the text holds no name and no value of a user', () => {
  const { digest, release, serving, sections: digests } = shownPlan(rich)
  expect(digest).toBe(rich.digest)
  expect([release, serving]).toEqual([newer.sha, older.sha])
  for (const text of Object.values(digests)) expect(text).toMatch(/^[\w-]{16}$/)
})

describe('the differences from the shown plan', () => {
  test('are none when it is the same', () => {
    expect(differences(shownPlan(plan), aPlan())).toEqual([])
  })

  test('are the commit of the release, with both SP-07', () => {
    const moved = aPlan({ release: { ...newer, sha: 'f'.repeat(40) } })
    expect(differences(shownPlan(plan), moved)).toEqual([
      `the commit of the release (now: v1.1.0 is ${'f'.repeat(40)}; approved: ${newer.sha})`,
    ])
  })

  test('are the serving release, with both', () => {
    const [first] = differences(shownPlan(plan), aPlan({ ledger: aLedgerServing(null) }))
    expect(first).toBe(`the serving release (now: none; approved: ${older.sha.slice(0, 7)})`)
  })

  test('are the commits between, where only they are others', () => {
    expect(differences(shownPlan(plan), aPlan({ commits: 4 }))).toEqual([
      'the commits between the serving release and this one (now: 4)',
    ])
  })

  test('are the hosts by their names, of which three are told', () => {
    const now = aPlan({ recipe: aRecipe({ services: [aService('web', 5)] }) })
    expect(differences(shownPlan(plan), now)).toEqual([
      'the hosts, or what is set for one (now: web: web-1, web-2, web-3 and 2 more)',
      'the batches (now: web: 5, of 1 at most)',
    ])
  })

  test('are never none where the whole digest is another one', () => {
    const { digest: _, ...content } = plan
    const now = { ...sealPlan(content), digest: 'e'.repeat(64) }
    expect(differences(shownPlan(plan), now)).toEqual(['a detail that this version does not name'])
  })
})
