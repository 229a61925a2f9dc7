import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import { mostTries } from '../../src/domain/notify/notice.ts'
import type { NoticeRule } from '../../src/domain/notify/notice-rule.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { conclude } from '../../src/pipeline/run/drive.ts'
import { aRun } from '../domain/a-journal.ts'
import { aCommand, aPlan, aPolicy, aRecipe, aService, count, noSteps } from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, opened } from './in-memory.ts'
import { watched } from './later-run.ts'

const secret = { header: 'authorization', variable: 'EVENTS_TOKEN' }
const events: NoticeRule = {
  on: ['started', 'succeeded', 'failed', 'waiting'],
  by: { kind: 'http', url: '$EVENTS', secret, timeout: 5_000 },
}
const chat: NoticeRule = {
  on: ['started', 'succeeded', 'failed', 'waiting'],
  by: { kind: 'run', command: { ...aCommand('bin/chat'), timeout: 5_000 } },
}
const none = { kind: 'none' } as const

const planOf = (notify: readonly NoticeRule[], change: Partial<EnvironmentPolicy> = {}): Plan =>
  aPlan({
    policy: aPolicy({ approval: none, notify, ...change }),
    recipe: aRecipe({ steps: noSteps, services: [aService('web', 2, { minAvailable: count(1) })] }),
  })

async function deploys(memory: InMemory, plan: Plan) {
  await memory.repository.commit('main', {}, 'the policy')
  return (await conclude(await opened(memory, plan), aRun(1))).ending
}

/** The watch of an environment, in the job with its secrets or before it. */
const watches = (memory: InMemory, notify: readonly NoticeRule[], mayRun = true) =>
  watched(memory, { mayRun }, { name: 'production', url: null, notify })

const bodies = ({ posted }: InMemory) =>
  posted.postings.map(({ body }) => JSON.parse(body) as { id: string; type: string })

const chats = ({ shell }: InMemory) =>
  shell.calls.filter(({ command }) => command.run === 'bin/chat').map(({ variables }) => variables)

const untold = async (memory: InMemory) =>
  (await keptLedger(memory)).notices.map(({ point, tries, failure }) => `${point} ${tries} ${failure}`)

describe('a deployment with notices', () => {
  test('tells what began and how it ended, each once, and keeps nothing of it', async () => {
    const memory = inMemory()
    expect(await deploys(memory, planOf([events, chat]))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(bodies(memory).map(({ id, type }) => `${id} ${type.replace('dev.cdevents.', '')}`)).toEqual([
      'shop/production/7.1 pipelinerun.started.0.3.0',
      expect.stringMatching(/^shop\/production\/7\.\d+ service\.upgraded\.0\.3\.0$/),
    ])
    expect(memory.posted.postings[0]).toMatchObject({
      secret,
      mediaType: expect.stringContaining('cloudevents+json'),
    })
    expect(chats(memory).map(({ ROLLGATE_NOTICE: point }) => point)).toEqual(['started', 'succeeded'])
    expect(await untold(memory)).toEqual([])
  })

  test('runs a command in the files of the default branch, not in those of the release', async () => {
    const memory = inMemory()
    await deploys(memory, planOf([chat]))
    const head = await memory.releases.commit(null)
    const [call] = memory.shell.calls.filter(({ command }) => command.run === 'bin/chat')
    expect(head.kind).toBe('found')
    expect(call?.command.workingDirectory).toContain(head.kind === 'found' ? head.value : '')
  })

  test('ends as it would have, and says so, where a server fails and a command hangs', async () => {
    const memory = inMemory()
    memory.posted.answer(async () => 'answered 503')
    memory.shell.play('bin/chat', { takes: Number.POSITIVE_INFINITY })
    expect(await deploys(memory, planOf([events, chat]))).toMatchObject({ outcome: { kind: 'succeeded' } })
    // The first hangs beside the work of the run, the second at its end: no longer than two timeouts.
    expect(memory.seconds()).toBeLessThan(60)
    expect((await untold(memory)).sort()).toEqual([
      'started 1 answered 503',
      'started 1 it did not end within 5 s and was ended with all it had started.',
      'succeeded 1 answered 503',
      'succeeded 1 it did not end within 5 s and was ended with all it had started.',
    ])
    const warned = memory.voice.texts('warning').filter((text) => text.includes('was not told to'))
    expect(warned).toHaveLength(4)
  })

  test('waits for approval: its command sees no secret, and the one after the approval does', async () => {
    const memory = inMemory()
    const named = { kind: 'named', from: ['bob'], notSelf: true } as const
    expect(await deploys(memory, planOf([chat], { approval: named }))).toMatchObject({ kind: 'waiting' })
    expect(chats(memory)).toMatchObject([{ ROLLGATE_NOTICE: 'waiting', ROLLGATE_PAUSE: '7.1', BARE: 'true' }])
    const free = inMemory()
    await deploys(free, planOf([chat]))
    expect(chats(free).map(({ BARE }) => BARE)).toEqual([undefined, undefined])
  })

  test('keeps its notices beside a live run, which holds the ledger', async () => {
    const memory = inMemory()
    await opened(memory, planOf([chat]))
    memory.repository.run({ id: 1, status: 'in_progress' })
    await watches(memory, [chat])
    expect(chats(memory)).toEqual([])
    expect(await untold(memory)).toEqual(['started 0 null'])
  })
})

describe('the watch', () => {
  /** A deployment whose notices could not be sent. */
  async function untoldOnce(memory: InMemory): Promise<void> {
    memory.posted.answer(async () => 'could not be sent: ECONNREFUSED')
    await deploys(memory, planOf([events]))
  }

  test('sends again what was not sent, with the same ids', async () => {
    const memory = inMemory()
    await untoldOnce(memory)
    const before = bodies(memory)
    memory.posted.answer(async () => null)
    const { corrected } = await watches(memory, [events])
    expect(bodies(memory).slice(before.length)).toEqual(before)
    expect(corrected).toContain('told $EVENTS of deployment 7: succeeded')
    expect(await untold(memory)).toEqual([])
  })

  test('tries a bounded number of times, and shows then what was never told', async () => {
    const memory = inMemory()
    await untoldOnce(memory)
    for (let more = 0; more < mostTries + 2; more++) await watches(memory, [events])
    expect(bodies(memory)).toHaveLength(2 * mostTries)
    expect((await untold(memory))[0]).toBe(`started ${mostTries} could not be sent: ECONNREFUSED`)
  })

  test('leaves it to the job that has the secrets of the environment', async () => {
    const memory = inMemory()
    await untoldOnce(memory)
    const sent = bodies(memory).length
    const { due } = await watches(memory, [events], false)
    expect(due).toMatchObject({ duty: { kind: 'tell', notices: 2 }, release: { tag: 'v1.1.0' } })
    expect(bodies(memory)).toHaveLength(sent)
  })

  test('drops what the policy of now does not tell any more', async () => {
    const memory = inMemory()
    await untoldOnce(memory)
    const sent = bodies(memory).length
    await watches(memory, [chat])
    expect([bodies(memory).length, await untold(memory)]).toEqual([sent, []])
  })

  test('tells what a run that was killed left in the ledger', async () => {
    const memory = inMemory()
    await memory.repository.commit('main', {}, 'the policy')
    await opened(memory, planOf([chat]))
    await watches(memory, [chat])
    expect(chats(memory).map(({ ROLLGATE_NOTICE: point }) => point)).toEqual(['started', 'failed'])
    expect(chats(memory)[1]).toMatchObject({ ROLLGATE_OUTCOME: 'cancelled' })
  })
})
