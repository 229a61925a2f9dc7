import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/config/command.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import { missingFiles } from '../../src/domain/plan/files-there.ts'
import { stepsAhead } from '../../src/domain/plan/planned-anew.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import { isIgnored, type ReleaseTree, type TreeEntry } from '../../src/domain/release/release-tree.ts'
import { aCommand, aRecipe, aService, aWish, noSteps } from './a-plan.ts'

const committed: Readonly<Record<string, TreeEntry>> = {
  bin: 'folder',
  'bin/install': 'executable',
  'bin/migrate': 'file',
  'bin/tool': 'elsewhere',
  services: 'folder',
  'services/shop': 'folder',
  'services/shop/bin': 'folder',
  'services/shop/bin/seed': 'executable',
  vendor: 'elsewhere',
}

const tree = (more: Readonly<Record<string, TreeEntry>> = {}): ReleaseTree => ({
  entries: new Map(Object.entries({ ...committed, ...more })),
  whole: true,
})

const migrating = (command: Command, steps: Partial<Recipe['steps']> = {}) =>
  aWish({
    recipe: aRecipe({
      steps: { ...noSteps, ...steps, migrate: { command, phase: 'expand', repeatable: false } },
      services: [],
    }),
  })

function findings(run: string, change: Partial<Command> = {}, seen = tree(), ignored = '') {
  const steps = stepsAhead(migrating({ ...aCommand(run), ...change }))
  return missingFiles(steps, { tree: seen, ignored })
}

describe('files that a command names and the release does not have', () => {
  test.each([
    ['bin/instal --all', { kind: 'no-file', path: 'bin/instal', near: 'bin/install' }],
    ['./bin/gone', { kind: 'no-file', path: 'bin/gone', near: null }],
    ['set -eu\n# why\nbin/gone | tee log', { kind: 'no-file', path: 'bin/gone' }],
    ['bash bin/gone.sh', { kind: 'no-file', path: 'bin/gone.sh' }],
    ['bin/migrate', { kind: 'not-executable', path: 'bin/migrate' }],
  ])('%j is found F16', (run, finding) => {
    expect(findings(run)).toMatchObject([{ key: 'steps.migrate', certain: true, ...finding }])
  })

  test('a working directory that is not there is found F16', () => {
    expect(findings('make migrate', { workingDirectory: 'nowhere' })).toMatchObject([
      { kind: 'no-folder', path: 'nowhere', certain: true },
    ])
  })

  test.each([
    'bin/install',
    'sh bin/migrate',
    'make migrate',
    '"bin/gone"',
    '$TOOLS/gone',
    'bin/$TOOL',
    'cd app && bin/gone',
    'A=b/c bin/gone',
    '/usr/bin/gone',
    '../bin/gone',
    'bin/seed',
    'vendor/gone',
    'bin/tool',
    'node --test bin/gone',
    'if bin/gone; then true; fi',
  ])('%j is not judged, or is there F16', (run) => {
    expect(findings(run)).toEqual([])
  })

  test('another shell than sh and bash is not judged F16', () => {
    expect(findings('bin/gone', { shell: 'pwsh {0}' })).toEqual([])
  })

  test.each(['dist', '/dist/', 'dist/*', '*.cjs', '**/dist', 'dist/migrate.cjs'])(
    'a file that git ignores by %j may come from elsewhere F16',
    (ignored) => {
      expect(findings('node dist/migrate.cjs', {}, tree(), `# made\n${ignored}\n`)).toMatchObject([
        { path: 'dist/migrate.cjs', certain: false },
      ])
    },
  )

  test.each(['distant', '!dist', '#dist', 'other/dist', ''])('%j ignores nothing of it F16', (ignored) => {
    expect(isIgnored('dist/migrate.cjs', ignored)).toBe(false)
  })

  test('a set-up action may bring anything F16', () => {
    const setUp = tree({ '.github/actions/rollgate-setup': 'folder' })
    expect(findings('bin/gone', {}, setUp)).toMatchObject([{ certain: false }])
  })
})

describe('the plan', () => {
  const planOf = (wish: ReturnType<typeof migrating>) => {
    const found = missingFiles(stepsAhead(wish), { tree: tree(), ignored: '' })
    const planned = planning({ ...wish, world: { ...wish.world, files: { findings: found } } })
    if (planned.kind !== 'planned') throw new Error('it is planned')
    return planned.plan
  }

  test('is refused for a file that is certainly missing F16', () => {
    expect(planOf(migrating(aCommand('bin/instal'))).refusals).toMatchObject([
      { code: 'release-incomplete', what: expect.stringContaining('Is bin/install meant?') },
    ])
  })

  test('warns where a build may make it, and is refused for what the build itself needs F16', () => {
    const build = { command: aCommand('make all'), unless: null }
    const plan = planOf(migrating(aCommand('bin/instal'), { build }))
    expect(plan.refusals).toEqual([])
    expect(plan.warnings).toContainEqual(expect.stringContaining('bin/instal'))
    const early = { command: aCommand('bin/bild'), unless: null }
    expect(planOf(migrating(aCommand('make'), { build: early })).refusals).toMatchObject([
      { code: 'release-incomplete', what: expect.stringContaining('steps.build.run runs bin/bild') },
    ])
  })

  test('going back is warned of, and never refused: it was done with these files before F16', () => {
    const { world } = migrating(aCommand('make'))
    const broken = { ...aService('web', 2) }
    const local = { ...broken, fleet: { ...broken.fleet, stop: aCommand('bin/stopp') } } as typeof broken
    const plan = planOf(
      aWish({ ...world, wanted: 'rollback', recipe: { ...world.recipe, services: [local] } }),
    )
    expect(plan.refusals).toEqual([])
    expect(plan.warnings).toContainEqual(expect.stringContaining('services.web.fleet.stop runs bin/stopp'))
  })
})

describe('an address', () => {
  const service = aService('web', 2)
  const asking = (url: string, env: Readonly<Record<string, string>>[] = [{}, {}]) => {
    const instances = service.fleet.instances.map((one, at) => ({ ...one, env: env[at] ?? {} }))
    const fleet = { ...service.fleet, instances } as typeof service.fleet
    const version = { kind: 'http', url, timeout: 1_000 } as const
    const wish = aWish({ recipe: aRecipe({ services: [{ ...service, fleet, version }] }) })
    const planned = planning(wish)
    if (planned.kind !== 'planned') throw new Error('it is planned')
    return planned.plan.refusals
  }

  test.each([
    ['no instance', [{}, {}]],
    ['not to every instance', [{ PORT: '1' }, {}]],
  ])('is refused if its variable is given to %s F16', (words, env) => {
    expect(asking('http://127.0.0.1:$PORT/version', env)).toMatchObject([
      { code: 'config-invalid', what: expect.stringContaining(words) },
    ])
  })

  test('that can be filled in is not F16', () => {
    const url = 'http://127.0.0.1:$PORT/$ROLLGATE_INSTANCE?$ROLLGATE_RELEASE'
    expect(asking(url, [{ PORT: '1' }, { PORT: '2' }])).toEqual([])
  })
})
