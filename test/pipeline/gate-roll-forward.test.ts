import { describe, expect, test } from 'vitest'
import type { ApprovalRule } from '../../src/domain/config/policy.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { Problem } from '../../src/domain/problem.ts'
import { gateOf } from '../../src/domain/question/pause.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { withdrawApproval } from '../../src/pipeline/act/withdraw-approval.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import type { Concluded } from '../../src/pipeline/run/drive.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aRun } from '../domain/a-journal.ts'
import { aCommand, aLedgerServing, aPolicy, aService, noSteps } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld } from './a-detour-world.ts'
import { aReader, aRepository, aRequest, configPath, type Requests } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { keptLedger, reading } from './in-memory.ts'

/** The gate of what takes the place of a waiting deployment, and of the approval that was given for it. */

const gates = {
  none: { kind: 'none' },
  reviewers: { kind: 'reviewers', allowBypass: false },
  named: { kind: 'named', from: ['rhea', 'alice', 'olga'], notSelf: true },
} as const satisfies Record<string, ApprovalRule>

type Gate = keyof typeof gates

/** Olga was taken from the list after the question was asked. */
const gatesNow: Record<Gate, ApprovalRule> = { ...gates, named: { ...gates.named, from: ['rhea', 'alice'] } }

const actors = { approver: 'rhea', other: 'mallory', asker: 'alice', removed: 'olga' } as const
type Actor = keyof typeof actors

const recipe = {
  services: [aService('web', 2)],
  steps: {
    ...noSteps,
    detour: aDetour(),
    migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: true } as const,
  },
}

const doer = (by: string, run: number): Doer => ({ run: aRun(run), by: [by] })
const policyWith = (approval: ApprovalRule) => aPolicy({ approval })

const begins = async ({ memory }: DetourWorld, gate: Gate, asked: Requests, by: Doer): Promise<Concluded> => {
  const config = aReader({ policy: policyWith(gates[gate]), recipe })
  const done = await deploy(anActingRun({ ports: memory.ports, config, doer: by }), aRequest(asked), null)
  if (done.kind !== 'done') throw new Error(`it is ${done.kind}`)
  return done
}

/** Answers the open question by the policy of now. */
const answers = async ({ memory }: DetourWorld, gate: Gate, by: Doer): Promise<Concluded> => {
  const kept = await memory.ledgers.read('shop', 'production')
  const open = kept.ledger.deployment
  const pause = (open && standing(open.plan, open.journal).pause?.id) ?? ''
  const answer = { pause, decision: 'approve', instances: [], reason: '', override: '' } as const
  const policy = policyWith(gatesNow[gate])
  const given = { ...answer, environment: 'production', by: by.by[0] ?? '' }
  return decide(memory.ports, { ...kept, policy }, given, by, neverStops, reading)
}

/** Returns the open question, or the code of the refusal. */
async function endOf(work: Promise<Concluded>): Promise<string> {
  try {
    const { ending } = await work
    return ending.kind === 'waiting' ? `asks at ${gateOf(ending.pause)}` : ending.kind
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown.code
    throw thrown
  }
}

/** Reviews a run as GitHub would before its job starts; the run of a stranger has no reviewer. */
function reviews({ memory: { repository } }: DetourWorld, run: number, actor: Actor): void {
  if (actor === 'removed') repository.environment('production', {})
  else if (actor !== 'other')
    repository.approve(run, { environment: 'production', user: actors[actor], state: 'approved' })
}

/** Visitors are on the stand-in, home serves v3, and an inspection waits. */
async function inspected(gate: Gate) {
  const world = aDetourWorld()
  const { memory } = world
  const { v2, v3, serve } = await aRepository(memory)
  const { serving } = aLedgerServing(v2)
  await serve({ serving: serving && { ...serving, readOnly: true } })
  const files = { [configPath]: 'recipe of v4', 'db/schema-version': '43\n' }
  const better = await memory.repository.commit('main', files, 'v4', { tag: 'v4' })
  memory.workspace.head = v3.sha
  if (gate === 'reviewers') reviews(world, 1, 'approver')
  const first = await endOf(begins(world, gate, { detour: true }, doer('alice', 1)))
  const asks = gate === 'named' ? await endOf(answers(world, gate, doer('rhea', 2))) : first
  expect(asks, first).toBe('asks at inspect')
  memory.workspace.head = better
  return world
}

const may: Record<Gate, Record<Actor, string>> = {
  none: {
    approver: 'asks at inspect',
    other: 'asks at inspect',
    asker: 'asks at inspect',
    removed: 'asks at inspect',
  },
  reviewers: {
    approver: 'asks at inspect',
    other: 'approval-missing',
    asker: 'asks at inspect',
    removed: 'environment-unprotected',
  },
  named: {
    approver: 'asks at inspect',
    other: 'approver-not-allowed',
    asker: 'approver-not-allowed',
    removed: 'approver-not-allowed',
  },
}

const cells = (Object.keys(gates) as Gate[]).flatMap((gate) =>
  (Object.keys(actors) as Actor[]).map((actor) => [gate, actor, may[gate][actor]] as const),
)

describe('a roll forward in an open detour', () => {
  test.each(cells)(
    'gate %s, actor %s: %s, and nothing of the better release ran before F43 F44 F45 SD-25',
    async (gate, actor, expected) => {
      const world = await inspected(gate)
      const { memory } = world
      if (gate === 'reviewers') reviews(world, 3, actor)
      const ran = [...memory.effects()]
      const effects = world.effects.length
      const forward = { tag: 'v4', detour: true, rollForward: true }
      const first = await endOf(begins(world, gate, forward, doer('alice', 3)))
      if (gate === 'named') {
        expect(first).toBe('asks at approve')
        expect([memory.effects(), world.effects.length]).toEqual([ran, effects])
      }
      const end = gate === 'named' ? await endOf(answers(world, gate, doer(actors[actor], 4))) : first
      expect(end).toBe(expected)
      const { deployment } = await keptLedger(memory)
      if (expected === 'asks at inspect') {
        expect(deployment?.plan.release.tag).toBe('v4')
        expect(world.effects.length).toBeGreaterThan(effects)
        return
      }
      expect([memory.effects(), world.effects.length]).toEqual([ran, effects])
      expect(world.visitors()).toBe('v2')
    },
  )
})

/** A person takes back the own approval alone, by whatever gate, and whatever the list says by now. */
const mayTakeBack: Record<Actor, string> = {
  approver: 'asked',
  other: 'approver-not-allowed',
  asker: 'approver-not-allowed',
  removed: 'approver-not-allowed',
}

describe('an ask to halt what was approved', () => {
  test.each(
    (Object.keys(gates) as Gate[]).flatMap((gate) =>
      (Object.keys(actors) as Actor[]).map(
        (actor) => [gate, actor, gate === 'named' ? mayTakeBack[actor] : 'approver-not-allowed'] as const,
      ),
    ),
  )(
    'gate %s, actor %s: %s, and nothing runs or is written in the ledger F44',
    async (gate, actor, expected) => {
      const world = await inspected(gate)
      const { memory } = world
      const before = await memory.ledgers.read('shop', 'production')
      const ran = [...memory.effects()]
      const given = before.ledger.deployment?.journal.find(({ kind }) => kind === 'paused')
      const pause = given?.kind === 'paused' ? given.pause.id : ''
      const taking = { environment: 'production', pause, by: actors[actor], reason: 'orders are lost' }
      const recalled = { ...before, policy: policyWith(gatesNow[gate]) }
      const work = withdrawApproval(memory.ports, recalled, taking, doer(actors[actor], 5))
      const said = await work.then(
        ({ kind }) => kind,
        (thrown) => (thrown instanceof Problem ? thrown.code : thrown),
      )
      expect(said).toBe(expected)
      expect([memory.effects(), await memory.ledgers.read('shop', 'production')]).toEqual([ran, before])
      const asks = await memory.ports.asks.read('shop', 'production')
      if (expected === 'asked') expect(JSON.stringify(asks)).toContain('"by":"rhea"')
      else expect(asks.kind).toBe('absent')
    },
  )
})
