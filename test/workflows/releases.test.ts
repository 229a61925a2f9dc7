import { describe, expect, test } from 'vitest'
import { type Handler, runWorkflow } from '../../src/sandbox/workflows/run.ts'
import { readWorkflow } from '../../src/sandbox/workflows/workflow-file.ts'

const releases = '.github/workflows/releases.yml'
const block = '.github/workflows/block.yml'

/** Actions that always answer the same, and the calls. */
function answering(answers: Readonly<Record<string, ReturnType<Handler>>>) {
  const asked: (Parameters<Handler>[0] & { readonly uses: string })[] = []
  const actions = Object.fromEntries(
    Object.entries(answers).map(([uses, answer]): [string, Handler] => [
      uses,
      (call) => {
        asked.push({ uses, ...call })
        return answer
      },
    ]),
  )
  return { asked, scene: { actions } }
}

describe('releases.yml', () => {
  const listing = {
    '$/actions/releases': { outputs: { outcome: 'looked', result: '{"command":"releases"}' } },
    '$/actions/history': { outputs: { outcome: 'looked', result: '{"command":"history"}' } },
  }

  test('reads in one job without an environment, a secret or a checkout', () => {
    const { jobs } = readWorkflow(releases)
    expect(Object.keys(jobs)).toEqual(['releases'])
    expect(jobs.releases?.environment).toBeUndefined()
    expect(jobs.releases?.permissions).toEqual({ contents: 'read' })
    expect(JSON.stringify(jobs)).not.toContain('secrets.')
  })

  test('lists all alike, and for an environment its history too CC-04', async () => {
    const { asked, scene } = answering(listing)
    const all = await runWorkflow(releases, {}, scene)
    expect(asked.map(({ uses }) => uses)).toEqual(['$/actions/releases'])
    expect(asked[0]?.with).toMatchObject({ environment: '', limit: '20' })
    expect(all.outputs).toMatchObject({ result: '{"command":"releases"}', history: '' })
    expect(all.jobs.releases?.name).toBe('Releases')

    const one = await runWorkflow(releases, { environment: 'production', limit: 5 }, scene)
    expect(asked.slice(1)).toMatchObject([
      { uses: '$/actions/releases', with: { environment: 'production', limit: '5' } },
      { uses: '$/actions/history', with: { environment: 'production', limit: '5' } },
    ])
    expect(one.outputs.history).toBe('{"command":"history"}')
    expect(one.jobs.releases?.name).toBe('Releases for production')
  })
})

describe('block.yml', () => {
  test('writes ledgers and records and nothing else, and asks nobody GH-12', () => {
    const { jobs } = readWorkflow(block)
    expect(jobs.block?.environment).toBeUndefined()
    expect(jobs.block?.permissions).toEqual({ contents: 'write', deployments: 'write', actions: 'read' })
    expect(JSON.stringify(jobs)).not.toContain('secrets.')
  })

  test('hands on what is to be blocked, and what became of it', async () => {
    const { asked, scene } = answering({
      '$/actions/block': { outputs: { outcome: 'blocked', result: '{}' } },
    })
    const inputs = { release: 'v1', reason: 'it loses orders', environment: 'production' }
    const { jobs, outputs } = await runWorkflow(block, inputs, scene)
    expect(asked[0]?.with).toMatchObject({ ...inputs, unblock: 'false' })
    expect(jobs.block?.name).toBe('Block v1')
    expect(outputs).toMatchObject({ outcome: 'blocked', result: '{}' })
    const back = await runWorkflow(block, { ...inputs, unblock: true }, scene)
    expect(back.jobs.block?.name).toBe('Unblock v1')
  })
})
