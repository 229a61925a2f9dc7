import { expect, test } from 'vitest'
import type { RequestMatch } from '../../src/sandbox/github/faults.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import { closesIncident, halting, issuesReadable, opensIncident } from './incident.ts'
import {
  aStory,
  decides,
  deploys,
  does,
  inTraffic,
  lean,
  resultOf,
  type Story,
  serving,
  versions,
} from './story.ts'

/** The looks before each batch: at the lock and the asks, and at the issues. */
const looks = {
  asks: { operation: 'git/list-matching-refs', path: /matching-refs\/rollgate$/ },
  issues: { operation: 'issues/list-for-repo' },
} as const satisfies Record<string, RequestMatch>

/** Happens right before a look of the run ahead of its second batch, and is over before the answer. */
function inMidRoll({ github, shop }: Story, look: keyof typeof looks, happens: () => Promise<unknown>): void {
  let done = false
  github.before(
    looks[look],
    async () => {
      const first = shop.journal().some((line) => line === 'start v1.1.0 web-1')
      if (done || !first) return
      done = true
      await happens()
    },
    { times: Number.POSITIVE_INFINITY },
  )
}

const said = ({ main }: Job): string => main.log.join('\n')

async function story(): Promise<Story> {
  const stage = await aStory({ instances: 3, config: lean })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  await stage.policy({ ...lean, ...halting(lean) })
  return stage
}

test('a label set in mid-roll halts it; closed and answered it goes on, and a rollback passes', async () => {
  const stage = await story()
  const options = issuesReadable(stage)
  let issue = 0
  inMidRoll(stage, 'issues', async () => {
    issue = await opensIncident(stage, 'Orders are lost')
  })
  const halted = await deploys(stage, 'v1.1.0', { options })
  expect(halted.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '2.1' } })
  expect(resultOf(halted).pause).toMatchObject({ 'reason-code': 'halted' })
  expect(said(halted)).toContain(`Halted: issue #${issue} "Orders are lost" (incident) is open.`)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0'])
  expect(inTraffic(stage)).toEqual(['web-1', 'web-2', 'web-3'])

  const still = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' }, { options })
  expect(still.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.2' })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0'])

  await closesIncident(stage, issue)
  const on = await decides(stage, 'v1.1.0', { pause: '2.2', decision: 'retry' }, { options })
  expect(on.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0', 'v1.1.0'])

  await opensIncident(stage, 'Orders are lost again')
  const forward = await deploys(stage, 'v1.0.0', { options })
  expect(forward.main.outputs).toMatchObject({ outcome: 'refused' })
  const back = await does(
    stage,
    { command: 'rollback' },
    { approver: 'rhea', options: { ...options, sha: 'refs/tags/v1.0.0' } },
  )
  expect(back.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0'])
})

test("a person's halt beside a live run holds it before its next batch, once", async () => {
  const stage = await story()
  const options = issuesReadable(stage)
  inMidRoll(stage, 'asks', async () => {
    const form = JSON.stringify({ environment: 'production', do: 'halt', reason: 'orders are lost' })
    const noted = await does(stage, { command: 'note', form }, { actor: 'erin' })
    expect(noted.main.outputs).toMatchObject({ outcome: 'halted' })
  })
  const halted = await deploys(stage, 'v1.1.0', { options })
  expect(halted.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(said(halted)).toMatch(/Halted: erin halted it at .*: orders are lost/)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0'])
  const on = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' }, { options })
  expect(on.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0', 'v1.1.0'])
})

test('issues that cannot be read for a minute halt, and the question says so', async () => {
  const stage = await story()
  const options = issuesReadable(stage)
  const fault = { on: { operation: 'issues/list-for-repo' }, times: Number.POSITIVE_INFINITY } as const
  inMidRoll(stage, 'issues', async () => {
    stage.github.inject({
      ...fault,
      with: { kind: 'status', status: 403, body: { message: 'Resource not accessible' } },
    })
  })
  const began = Date.now()
  const halted = await deploys(stage, 'v1.1.0', { options })
  expect(Date.now() - began).toBeGreaterThanOrEqual(60_000)
  expect(said(halted)).toMatch(/Halted: the issues that halt are unknown: .*403/)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0'])
})
