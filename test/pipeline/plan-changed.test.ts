import { expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { sealPlan } from '../../src/domain/plan/seal.ts'
import { type SectionName, sectionNames } from '../../src/domain/shown/sections.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { aTime } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import { aCommand, aLedgerServing, aService, count, noSteps } from '../domain/a-plan.ts'
import {
  aReader,
  aRepository,
  aRequest,
  configPath,
  planned,
  type Reading,
  type Requests,
} from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory } from './in-memory.ts'

type Shop = { readonly memory: InMemory } & Awaited<ReturnType<typeof aRepository>>

/** One side of the gate: the inputs, and the config. */
interface Side {
  readonly asks?: Requests
  readonly reads?: Reading
}

interface Move {
  /** Before the plan is shown. */
  readonly first?: (shop: Shop) => Promise<unknown>
  readonly look?: Side
  /** Between the look and the gate. */
  readonly meanwhile?: (shop: Shop) => Promise<unknown>
  /** A forged plan, where no source can move to it. */
  readonly forge?: (plan: Plan) => Partial<Plan>
  readonly act?: Side
  readonly named: string
}

const ungated = { approval: { kind: 'none' } } as const
const reads = (change: Reading): Side => ({ reads: change })

async function changeLedger({ memory }: Shop, change: Partial<Ledger>): Promise<void> {
  const { head, ledger } = await memory.ledgers.read('shop', 'production')
  await memory.ledgers.append(head, { ...ledger, ...change }, 'something happened')
}

/** Staging has rehearsed the third release, and has tried the second one on its schema; `times`: how often. */
async function rehearses({ memory, v1, v2, v3 }: Shop, times: number): Promise<void> {
  const checked = { from: v2, migrated: 'expand', compatibility: { passed: true, at: aTime(30) } } as const
  const once = [aPast(v2, { mode: 'rollback', from: v3 }), aPast(v3, checked)]
  const pasts = [
    aPast(v1),
    aPast(v2),
    aPast(v3, checked),
    ...Array.from({ length: times }, () => once).flat(),
  ]
  const { head } = await memory.ledgers.read('shop', 'staging')
  const staging = { ...aLedgerServing(v3, { history: aHistory(...pasts) }), environment: 'staging' }
  await memory.ledgers.append(head, staging, 'v3 is tried')
}

/** Staging has brought the third release, and has tried no other on its schema. */
async function brings({ memory, v1, v2, v3 }: Shop): Promise<void> {
  const history = aHistory(aPast(v1), aPast(v2), aPast(v3))
  const { head } = await memory.ledgers.read('shop', 'staging')
  await memory.ledgers.append(head, { ...aLedgerServing(v3, { history }), environment: 'staging' }, 'v3')
}

const webWith = (change: Parameters<typeof aService>[2], instances = 3): Side =>
  reads({ recipe: { services: [aService('web', instances, change)] } })
const wanting = (change: object): Side => reads({ policy: { ...ungated, ...change } })

/** By section: its source changes between the look and the gate. */
const moves: Readonly<Record<SectionName, Move>> = {
  request: {
    act: { asks: { wanted: 'rollback', tag: 'v1' } },
    named: 'the request (now: Roll production back to v1)',
  },
  schedule: {
    forge: () => ({
      schedule: { id: 's1', at: { at: aTime(0), local: 'now' }, by: 'rhea', reason: 'so it is' },
    }),
    named: 'the schedule that starts it (now: none)',
  },
  tag: {
    first: ({ memory }) =>
      memory.repository.commit('main', { [configPath]: 'v4', 'db/schema-version': '43\n' }, 'v4', {
        tag: 'v4',
      }),
    look: { asks: { tag: 'v4' } },
    named: 'the requested tag (now: v3)',
  },
  release: {
    act: reads({ recipe: { schema: 'db/other-version' } }),
    named: 'the versions of v3, its manifest, or its GitHub Release',
  },
  serving: {
    meanwhile: (shop) => changeLedger(shop, { serving: aLedgerServing(shop.v1).serving }),
    named: 'the serving release (now: v1 (',
  },
  policy: {
    act: wanting({ url: 'https://elsewhere.example' }),
    named: 'the policy of production on the default branch (now: class production, no approval)',
  },
  recipe: {
    act: reads({ recipe: { steps: { ...noSteps, preConfigure: aCommand('pre-configure') } } }),
    named:
      'the recipe: steps, or settings of a service (now: source, pre-deploy, pre-configure, roll-services/web, record-version)',
  },
  hosts: {
    act: webWith({}, 4),
    named: 'the hosts, or what is set for one (now: web: web-1, web-2, web-3 and 1 more)',
  },
  batches: { act: webWith({ maxParallel: count(2) }), named: 'the batches (now: web: 2, of 2 at most)' },
  files: {
    forge: () => ({ files: { findings: [] } }),
    named: 'the files that its commands need (now: 0 not there)',
  },
  variables: {
    act: reads({ recipe: { requiresVariables: ['REGION'] } }),
    named: 'the variables that it requires, or takes from the job (now: REGION)',
  },
  'way-back': {
    meanwhile: (shop) =>
      changeLedger(shop, {
        history: aHistory(
          aPast(shop.v1),
          aPast(shop.v2),
          aPast(
            { ...shop.v3, sha: 'e'.repeat(40) },
            { migrated: 'contract', outcome: { kind: 'cancelled', why: 'by hand', stays: [] } },
          ),
        ),
      }),
    named: 'the way back (now: to v2',
  },
  checks: {
    first: brings,
    look: wanting({ verifiedIn: 'staging' }),
    meanwhile: (shop) => rehearses(shop, 0),
    act: wanting({ verifiedIn: 'staging' }),
    named: 'the checks that prove the way back',
  },
  destruction: {
    look: { ...reads({ recipe: { baseVersion: '2027.1' } }), asks: { changeBase: true } },
    act: {
      ...reads({ recipe: { baseVersion: '2027.1' } }),
      asks: { changeBase: true, confirm: 'production' },
    },
    named:
      'the data that it destroys, or the confirmation (now: The base version of production changes from 2026.1 to 2027.1. Confirmed.)',
  },
  acknowledged: { forge: () => ({ older: 'v4' }), named: 'the acknowledged risk (now: none)' },
  override: {
    forge: () => ({ overridden: { freezes: ['spring'], windows: [], by: 'alice', reason: 'now' } }),
    named: 'the override of a freeze (now: none)',
  },
  'halt-override': {
    forge: () => ({ overriddenHalt: { by: 'alice', reason: 'the fix' } }),
    named: 'the override of signals that halt (now: none)',
  },
  verification: {
    first: brings,
    act: wanting({ verifiedIn: 'staging' }),
    named: 'the proof of the release (now: verified in staging by deployment 3',
  },
  rehearsal: {
    first: (shop) => rehearses(shop, 1),
    act: wanting({ rehearsedIn: 'staging' }),
    named: 'the rehearsal of the rollback (now: rehearsed in staging: back to v2 by deployment 4',
  },
  warnings: {
    act: webWith({}, 3),
    look: reads({ recipe: { services: [{ ...aService('web', 3), version: null }] } }),
    named: 'the warnings (now: ',
  },
  refusals: {
    first: (shop) =>
      changeLedger(shop, {
        blocked: [{ tag: 'v3', sha: shop.v3.sha, reason: 'it loses orders', by: 'rhea', at: aTime(0) }],
      }),
    meanwhile: (shop) => changeLedger(shop, { blocked: [] }),
    named: 'the reasons against it (now: 0)',
  },
}

test.each(sectionNames)(
  '%s: when its source moves between the look and the gate, the problem names it CC-20',
  async (name) => {
    const { first, look = {}, meanwhile, forge = () => ({}), act = {}, named } = moves[name]
    const memory = inMemory()
    const shop = { memory, ...(await aRepository(memory)) }
    await shop.serve()
    memory.workspace.head = shop.v3.sha
    const reader = ({ reads = {} }: Side) => aReader({ ...reads, policy: { ...ungated, ...reads.policy } })
    await first?.(shop)
    const { digest: _, ...plan } = await planned(memory, look.asks, reader(look))
    const shown = shownPlan(sealPlan({ ...plan, ...forge({ ...plan, digest: '' }) }))
    await meanwhile?.(shop)
    const commits = memory.ledgers.commits('shop', 'production').length
    const acting = deploy(
      anActingRun({ ports: memory.ports, config: reader(act), doer: bob }),
      aRequest(act.asks),
      shown,
    )
    await expect(acting).rejects.toMatchObject({
      code: 'plan-changed',
      what: expect.stringContaining(named),
      next: expect.stringContaining('Nothing was changed.'),
    })
    expect(memory.effects()).toEqual([])
    expect(memory.ledgers.commits('shop', 'production')).toHaveLength(commits)
  },
)
