import { describe, expect, test } from 'vitest'
import { isSameDeed } from '../../src/domain/plan/plan.ts'
import { differences, shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { knownIn } from '../../src/domain/step/destruction.ts'
import { repeatable } from '../../src/domain/step/traits.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  older,
  type Wishes,
} from './a-plan.ts'

const destroying = { ...aCommand('bin/sync-data'), destructive: true } as const
const tasks = { 'sync-data': destroying, 'warm-up': aCommand('bin/warm-up') }
const running = (task: string, change: Wishes = {}) =>
  aPlan({
    wanted: 'task',
    task,
    release: older,
    relation: 'identical',
    recipe: aRecipe({ tasks }),
    policy: sandbox,
    ...change,
  })
const sandbox = aPolicy({ name: 'sandbox', class: 'sandbox', approval: { kind: 'none' } })
const codes = ({ refusals }: ReturnType<typeof aPlan>) => refusals.map(({ code }) => code)

describe('the plan of a task', () => {
  test('has the task of the serving release, and nothing around it', () => {
    const plan = running('warm-up', { policy: aPolicy() })
    expect(plan.steps.map(({ id }) => id)).toEqual(['source', 'approve', 'task/warm-up'])
    expect(plan).toMatchObject({ mode: 'task', release: older, from: older, wayBack: null, refusals: [] })
    expect(plan.guard).toBeNull()
  })

  test.each(['warmup', '', 'constructor'])(
    'is refused for a task that the release does not have: %s',
    (name) => {
      const [refusal] = running(name).refusals
      expect(refusal).toMatchObject({
        code: 'input-invalid',
        next: 'Name one that it has: sync-data, warm-up.',
      })
    },
  )

  test('is another deed than that of another task', () => {
    const begun = running('warm-up')
    const deployment = {
      number: 7,
      plan: begun,
      journal: [],
      holder: null,
      record: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    }
    const ledger = aLedgerServing(older, { deployment })
    expect(running('warm-up', { ledger })).toEqual(begun)
    expect(running('sync-data', { ledger }).steps.at(-1)?.id).toBe('task/sync-data')
  })
})

describe('destructive steps CC-33', () => {
  test('is refused in a production, confirmed or not', () => {
    for (const confirm of ['', 'production']) {
      const plan = running('sync-data', { policy: aPolicy(), confirm })
      expect(codes(plan)).toEqual(['destructive-refused'])
      expect(plan.refusals[0]).toMatchObject({
        what: 'task/sync-data is marked as destructive. The class of production is production.',
        next: expect.stringContaining('environments.production.allow-destructive: [task/sync-data]'),
      })
    }
  })

  test('must be confirmed elsewhere, by the name of the environment', () => {
    const plan = running('sync-data')
    expect(codes(plan)).toEqual(['confirmation-missing'])
    expect(plan.refusals[0]?.next).toBe(
      'Read the plan. To go on, start it again with the input confirm: sandbox',
    )
    expect(plan.guard).toEqual({
      reasons: ['task/sync-data is marked as destructive.'],
      words: 'sandbox',
      confirmed: false,
    })
  })

  test.each(['Sandbox', 'sandbox.', 'yes', 'true', 'production'])('is not confirmed by %s', (confirm) => {
    expect(codes(running('sync-data', { confirm }))).toEqual(['confirmation-missing'])
  })

  test('is planned once it is confirmed', () => {
    const plan = running('sync-data', { confirm: 'sandbox' })
    expect(plan).toMatchObject({ refusals: [], guard: { confirmed: true } })
  })

  test('wants both in a production that names it: its policy, and the typed confirmation SP-29 SD-43', () => {
    const policy = aPolicy({ allowDestructive: ['task/sync-data'] })
    expect(codes(running('sync-data', { policy }))).toEqual(['confirmation-missing'])
    expect(codes(running('sync-data', { policy, confirm: 'production' }))).toEqual([])
  })

  test('is allowed by its whole name, for that step alone', () => {
    const policy = aPolicy({ allowDestructive: ['sync-data', 'migrate', 'task/sync'] })
    expect(codes(running('sync-data', { policy, confirm: 'production' }))).toEqual(['destructive-refused'])
  })

  test('is not confirmed again by a plan that was confirmed for another place', () => {
    const planned = running('sync-data', { confirm: 'sandbox' })
    const now = running('sync-data')
    expect(differences(shownPlan(planned), now).join()).toContain('Not confirmed.')
  })
})

describe('a normal deployment SP-28', () => {
  const deploying = (steps: Partial<typeof allSteps>, change: Wishes = {}) =>
    aPlan({ recipe: aRecipe({ steps: { ...allSteps, ...steps } }), ...change })
  const migrate = (run: string) => ({
    migrate: { command: aCommand(run), phase: 'expand' as const, repeatable: false },
  })

  test('has nothing destructive in it, and asks for no confirmation', () => {
    expect(deploying({}).guard).toBeNull()
    expect(codes(deploying({}))).toEqual([])
  })

  test('is refused with a hook that is marked as destructive', () => {
    const marked = deploying({ postDeploy: { ...aCommand('bin/reset'), destructive: true } })
    expect(codes(marked)).toEqual(['destructive-refused'])
    expect(marked.refusals[0]?.what).toContain('post-deploy is marked as destructive.')
  })

  test('is refused with a command that is known to destroy, although nothing marks it', () => {
    const plan = deploying(migrate('vendor/bin/console propel:tables:drop && bin/install'))
    expect(codes(plan)).toEqual(['destructive-refused'])
    expect(plan.refusals[0]?.what).toContain(
      'migrate runs propel:tables:drop, which is known to destroy data.',
    )
  })

  test('is refused with a scheduler that is suspended by clearing it', () => {
    const scheduler = aScheduler({ suspend: aCommand('vendor/bin/console scheduler:clean') })
    expect(codes(deploying({ scheduler }))).toEqual(['destructive-refused'])
  })

  test('may bring it to a staging, once it is confirmed', () => {
    const policy = aPolicy({ name: 'staging', class: 'staging' })
    const reset = migrate('bin/rails db:reset')
    expect(codes(deploying(reset, { policy }))).toEqual(['confirmation-missing'])
    expect(codes(deploying(reset, { policy, confirm: 'staging' }))).toEqual([])
  })

  test('goes without it where it is left out: a redeployment and a rollback run no migration', () => {
    const recipe = aRecipe({ steps: { ...allSteps, ...migrate('bin/rails db:reset') } })
    expect(codes(aPlan({ recipe, release: older, relation: 'identical', redeploy: true }))).toEqual([])
    expect(codes(aPlan({ recipe, wanted: 'rollback', relation: 'behind' }))).toEqual([])
  })

  test.each([
    ['mysql -e "DROP DATABASE shop"', 'DROP DATABASE'],
    ['psql -c "truncate table orders"', 'truncate table'],
    ['dropdb shop', 'dropdb'],
    ['rabbitmqctl reset', 'rabbitmqctl reset'],
    ['bin/rails db:drop', 'db:drop'],
    ['php artisan migrate:fresh --seed', 'migrate:fresh'],
    ['php artisan db:wipe', 'db:wipe'],
    ['bin/console doctrine:database:drop --force', 'doctrine:database:drop'],
    ['npx prisma migrate reset --force', 'prisma migrate reset'],
    ['python manage.py flush --no-input', 'manage.py flush'],
    ['flyway -url=$URL clean', 'flyway -url=$URL clean'],
    ['vendor/bin/install -r EU/destructive --no-ansi', 'install -r EU/destructive'],
  ])('%s is known to destroy', (run, words) => {
    expect(knownIn(run)).toBe(words)
  })

  test.each([
    'vendor/bin/install -r EU/production --no-ansi -vvv',
    'vendor/bin/console scheduler:suspend -vvv --no-ansi',
    'bin/rails db:migrate',
    'rabbitmqctl add_vhost shop',
    'php artisan migrate --force',
    'bin/console doctrine:migrations:migrate',
    'flyway migrate && make clean',
    'bin/announce "we drop a table reservation"',
    'composer install --no-dev',
  ])('%s is not', (run) => {
    expect(knownIn(run)).toBeNull()
  })
})

describe('a deployment that resets SP-22 SP-29', () => {
  const policy = aPolicy({ name: 'staging', class: 'staging' })
  const steps = { ...allSteps, reset: { ...aCommand('bin/install -r everything'), timeout: 7_200_000 } }
  const wish = { recipe: aRecipe({ steps }), policy, reset: true, confirm: 'staging' } as const
  const migrates = (plan: ReturnType<typeof aPlan>) =>
    plan.steps.filter(({ kind }) => kind === 'migrate' || kind === 'reset')

  test('runs its reset in place of the migration, after the build, and a normal one never does', () => {
    const plan = aPlan(wish)
    expect(migrates(plan)).toMatchObject([
      { id: 'reset', command: { run: 'bin/install -r everything', timeout: 7_200_000 } },
    ])
    expect(migrates(plan).some(repeatable)).toBe(false)
    const normal = aPlan({ ...wish, reset: false })
    expect(migrates(normal).map(({ id }) => id)).toEqual(['migrate'])
    expect(normal.guard).toBeNull()
    const kinds = normal.steps.map(({ kind }) => (kind === 'migrate' ? 'reset' : kind))
    expect(plan.steps.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('needs no mark to count as destructive: it must be confirmed, and a production must name it', () => {
    const unconfirmed = aPlan({ ...wish, confirm: '' })
    expect(codes(unconfirmed)).toEqual(['confirmation-missing'])
    expect(unconfirmed.guard?.reasons).toEqual(['reset sets all data up anew: what is there now is lost.'])
    const production = { ...wish, policy: aPolicy(), confirm: 'production' }
    expect(codes(aPlan(production))).toEqual(['destructive-refused'])
    const named = aPolicy({ allowDestructive: ['reset'] })
    expect(codes(aPlan({ ...production, policy: named }))).toEqual([])
    expect(codes(aPlan({ ...production, policy: named, confirm: '' }))).toEqual(['confirmation-missing'])
  })

  test('is as much guarded on an empty ledger: that nothing was deployed does not say that there is no data', () => {
    const first = { ...wish, policy: aPolicy(), ledger: aLedgerServing(null), relation: 'first' } as const
    expect(codes(aPlan({ ...first, confirm: 'production' }))).toEqual(['destructive-refused'])
  })

  test('warns that integrated applications lose what they keep there, and must be disconnected first', () => {
    expect(aPlan(wish).warnings.join()).toContain('disconnect them first')
    expect(aPlan({ ...wish, reset: false }).warnings.join()).not.toContain('disconnect')
  })

  test('leaves no safe rollback', () => {
    expect(aPlan(wish).wayBack?.feasibility.kind).toBe('crosses-contract')
  })

  test('is refused where there is none, and for what serves already', () => {
    expect(codes(aPlan({ ...wish, recipe: aRecipe() }))).toEqual(['input-invalid'])
    const again = { ...wish, release: older, relation: 'identical' } as const
    expect(codes(aPlan(again))).toEqual(['input-invalid'])
  })

  test('is another deed than the deployment without it', () => {
    const begun = aPlan({ ...wish, reset: false })
    const deployment = {
      number: 7,
      plan: begun,
      journal: [],
      holder: null,
      record: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    }
    const ledger = aLedgerServing(older, { deployment })
    expect(aPlan({ ...wish, reset: false, ledger })).toEqual(begun)
    expect(migrates(aPlan({ ...wish, ledger })).map(({ id }) => id)).toEqual(['reset'])
    expect(isSameDeed(begun, aPlan(wish))).toBe(false)
  })
})
