import { describe, expect, test } from 'vitest'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { statusResult } from '../../src/report/status/output.ts'
import { newer, older } from '../domain/a-plan.ts'
import type { DetourState } from '../fakes/memory-detour.ts'
import { environment, view } from '../report/status-scenario.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, opened } from './in-memory.ts'
import { answered } from './later-run.ts'

const decisions: readonly FinalDecision[] = ['complete', 'revert', 'revert-code']

async function inspected(): Promise<DetourWorld> {
  const world = aDetourWorld()
  await execute(await opened(world.memory, steppingAside()))
  return world
}

const returning = ({ memory }: DetourWorld, decision: FinalDecision): Promise<RunEnding> =>
  answered(memory, decision, 'it must')

/** Returns the words of the question, from the JSON of status. */
async function said(world: DetourWorld): Promise<string> {
  const ledger = await keptLedger(world.memory)
  const [seen] = statusResult(view(environment('production', ledger))).environments
  return `${seen?.pause?.['reason-code']}: ${seen?.pause?.what}`
}

/** Nothing of the stand-in was touched. */
function expectStill(world: DetourWorld): void {
  expect(world.effects.filter((one) => /^(discard|stop aside|restore)/.test(one))).toEqual([])
  expect(world.breaches).toEqual([])
}

async function expectOver(world: DetourWorld, decision: FinalDecision): Promise<void> {
  const { detour, deployment } = await keptLedger(world.memory)
  expect([detour, deployment, world.breaches]).toEqual([null, null, []])
  expect(world.memory.detour.copies).toEqual({ made: 1, removed: 1 })
  expect(world.visitors()).toBe(decision === 'complete' ? newer.tag : older.tag)
}

const ofDoor = ['file', 'memory', 'marker']
/** A way back with the database proves the stand-in as it is copied or promoted: the adapters' own tests hold that. */
const ofDatabase = ['writable', 'frozenAt', 'standIn']

describe.each(decisions)('a return by %s', (decision) => {
  test.each(decision === 'revert' ? ofDoor : [...ofDoor, ...ofDatabase])(
    'that cannot see the %s touches no stand-in, says so, and ends once it is seen',
    async (part) => {
      const world = await inspected()
      world.memory.detour.hide(part)
      expect(await returning(world, decision)).toMatchObject({ kind: 'waiting' })
      expectStill(world)
      expect(await said(world)).toBe(`detour-unseen: ${part} did not answer. It hangs.`)
      world.memory.detour.hide(null)
      await returning(world, 'retry')
      await expectOver(world, decision)
    },
  )
})

type Fault = readonly [string, FinalDecision, Partial<DetourState>, RegExp, Partial<DetourState>]

const promoted = { writable: 'open' } as const
const moved = { frozenAt: '0/140' }
const [before, open, away] = [
  { frozenAt: '0/100' },
  /^detour-writable: .* it is open/,
  /^detour-moved: .*0\/100, and is at 0\/140/,
]
const disagree = /^detour-disagrees: The parts of the door disagree: settings say \S+, memory say \S+/

const faults: readonly Fault[] = [
  ['a stand-in that was promoted by hand', 'complete', promoted, open, { writable: 'impossible' }],
  ['a stand-in that was promoted by hand', 'revert-code', promoted, open, { writable: 'impossible' }],
  ['a stand-in elsewhere than at its cut', 'complete', moved, away, before],
  ['a stand-in elsewhere than at its cut', 'revert-code', moved, away, before],
  ['a balancer that a reload sent home', 'revert', { memory: 'home' }, disagree, { memory: 'stand-in' }],
  ['a file of the map that says home', 'revert', { file: 'home' }, disagree, { file: 'stand-in' }],
]

test.each(faults)(
  '%s, met by %s, ends nothing, and the page has what was seen SD-14',
  async (_, decision, fault, words, mended) => {
    const world = await inspected()
    Object.assign(world.memory.detour.state, fault)
    expect(await returning(world, decision)).toMatchObject({ kind: 'waiting' })
    expectStill(world)
    expect(await said(world)).toMatch(words)
    Object.assign(world.memory.detour.state, mended)
    await returning(world, 'retry')
    await expectOver(world, decision)
  },
)
