import { describe, expect, test } from 'vitest'
import { knownIn } from '../../src/domain/destruction.ts'
import { differences } from '../../src/domain/plan.ts'
import type { Wish } from '../../src/domain/planning.ts'
import { aCommand, aLedgerServing, allSteps, aPlan, aPolicy, aRecipe, aScheduler, older } from './a-plan.ts'

const destroying = { ...aCommand('bin/sync-data'), destructive: true } as const
const tasks = { 'sync-data': destroying, 'warm-up': aCommand('bin/warm-up') }
const running = (task: string, change: Partial<Wish> = {}) =>
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
    expect(plan).not.toHaveProperty('guard')
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
    const deployment = { number: 7, plan: begun, journal: [], holder: null, record: null, preDeploy: null }
    const ledger = aLedgerServing(older, { deployment })
    expect(running('warm-up', { ledger })).toEqual(begun)
    expect(running('sync-data', { ledger }).steps.at(-1)?.id).toBe('task/sync-data')
  })
})

describe('CC-33: what is destructive', () => {
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

  test('SP-29: wants both in a production that names it: its policy, and the typed confirmation', () => {
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
    expect(differences(planned, now).join()).toContain('guard')
  })
})

describe('SP-28: a normal deployment', () => {
  const deploying = (steps: Partial<typeof allSteps>, change: Partial<Wish> = {}) =>
    aPlan({ recipe: aRecipe({ steps: { ...allSteps, ...steps } }), ...change })
  const migrate = (run: string) => ({
    migrate: { command: aCommand(run), phase: 'expand' as const, repeatable: false },
  })

  test('has nothing destructive in it, and asks for no confirmation', () => {
    expect(deploying({})).not.toHaveProperty('guard')
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
    'php artisan migrate --force',
    'bin/console doctrine:migrations:migrate',
    'flyway migrate && make clean',
    'bin/announce "we drop a table reservation"',
    'composer install --no-dev',
  ])('%s is not', (run) => {
    expect(knownIn(run)).toBeNull()
  })
})
