import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { EndedProcess } from '../../src/sandbox/runner/runner.ts'
import type { JobInputs } from '../../src/sandbox/stage.ts'
import { bySide, changedBy, rowsAfter } from './bed/client-log.ts'
import { killedAtEach, selfKilling } from './bed/killing.ts'
import { missingParts } from './bed/parts.ts'
import { query } from './bed/postgres.ts'
import { resultOf } from './bed/rolling.ts'
import { figures, type SmoothBed, type SmoothOptions, startSmooth } from './bed/smooth.ts'
import { aSmoothProject, lostIn, type SmoothProject } from './bed/smooth-project.ts'

vi.setConfig({ testTimeout: 900_000 })

const missing = missingParts('initdb', 'flock', 'haproxy') !== null
const deploying = { command: 'deploy', release: 'v2', detour: 'true' }

describe.skipIf(missing)('a deployment that steps aside on real parts', () => {
  test('changes home unseen, waits for a look, and returns: no order is lost SD-09 SD-10 SD-18', async () => {
    const { bed, project, env, asked } = await deployed()
    const { seen } = bed.visitors
    const aside = await project.job('v2', deploying, env)
    expect(resultOf(aside).pause, aside.main.log.join('\n')).toMatchObject({ gate: 'inspect' })
    expect(asked).toEqual([
      ...[
        'install stand-in',
        'start stand-in',
        'stop home',
        'migrate home',
        'stop home',
        'install home',
        'start home',
      ],
    ])
    await expect(query(bed.postgres.standIn.url, 'BEGIN READ WRITE')).rejects.toThrow('during recovery')
    const ended = await project.job('v2', answering(aside.main, 'complete'), env)
    expect(ended.main, ended.main.log.join('\n')).toMatchObject({
      code: 0,
      outputs: { outcome: 'succeeded' },
    })
    expect(seen.sides['stand-in']).toBeGreaterThan(0)
    await settled(bed)
  })

  test('read-write: orders go on at the stand-in, and those that home lacks afterwards are counted', async () => {
    const { bed, project, env } = await deployed({ mode: 'read-write' })
    const { seen } = bed.visitors
    const aside = await project.job('v2', deploying, env)
    expect(resultOf(aside).pause, aside.main.log.join('\n')).toMatchObject({ gate: 'inspect' })
    const until = seen.taken.length + 20
    await eventually('orders come at the stand-in', () => seen.taken.length > until)
    const ended = await project.job('v2', answering(aside.main, 'complete'), env)
    expect(ended.main, ended.main.log.join('\n')).toMatchObject({ code: 0 })
    await bed.visitors.stop()
    const log = bySide(seen.taken)
    const lost = Object.values(changedBy(log['stand-in'])).reduce((sum, rows) => sum + rows, 0)
    expect(lost).toBeGreaterThan(10)
    expect(lostIn(project)).toBe(String(lost))
    expect(await bed.rows()).toEqual(rowsAfter(log.home))
    expect([seen.failed, seen.doubtful]).toEqual([[], []])
  })

  test('a run that is killed at every event and deed of opening goes on: no read fails, no order is lost GH-10', async () => {
    const { bed, project, env } = await deployed()
    const { seen } = bed.visitors
    const self = selfKilling(statements)
    let last = await killedAtEach(project, { ...env, ...self.env }, undefined, 'v2', deploying)
    const answer = async (decision: string) => (await project.job('v2', answering(last, decision), env)).main
    // A migration that a lost run began is a question; this one may be done twice.
    if (gateOf(last) === 'intervene') last = await answer('retry')
    expect(gateOf(last), last.log.join('\n')).toBe('inspect')
    last = await answer('complete')
    expect(last, last.log.join('\n')).toMatchObject({ code: 0 })
    expect(self.moments()).toEqual(expect.arrayContaining(statements))
    expect(seen.sides['stand-in']).toBeGreaterThan(0)
    await settled(bed)
  })
})

/** The words in what is sent to databases and balancers at which a run is lost, after they were sent. */
const statements = [
  'LOCK TABLE',
  'pg_logical_emit_message',
  'ALTER SYSTEM',
  'pg_reload_conf',
  'set map',
  'REVOKE CONNECT',
  'pg_drop_replication_slot',
]

const gateOf = (main: EndedProcess): string => resultOf({ main }).pause?.gate ?? ''

const answering = ({ outputs }: EndedProcess, decision: string): JobInputs => ({
  command: 'decide',
  pause: outputs.pause ?? '',
  decision,
  reason: 'looked at it',
})

/** The bed with v1 deployed, and visitors who have ordered. */
async function deployed(options: SmoothOptions = {}): Promise<SmoothProject & { readonly bed: SmoothBed }> {
  const bed = await startSmooth(options)
  const project = await aSmoothProject(bed)
  const first = await project.project.job('v1', { command: 'deploy', release: 'v1' }, project.env)
  expect(first.main, first.main.log.join('\n')).toMatchObject({ code: 0 })
  await eventually('orders come', () => bed.visitors.seen.taken.length > 20)
  return { bed, ...project }
}

/** Visitors come home, and the rows there are those that were acknowledged. */
async function settled({ visitors, rows }: SmoothBed): Promise<void> {
  const { seen } = visitors
  const until = seen.taken.length + 20
  await eventually('orders come again', () => seen.taken.length > until)
  await visitors.stop()
  console.log(figures(seen, {}))
  expect([seen.failed, seen.doubtful]).toEqual([[], []])
  expect([await rows(), seen.missing]).toEqual([rowsAfter(seen.taken), []])
}
