import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/config/command.ts'
import type { Chosen } from '../../src/domain/config/place.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, anSshFleet, aScheduler, aService } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, durableLedger, goingOn, inMemory, leanPlan, opened } from './in-memory.ts'

const on = (run: string, instances: Chosen, service = 'web'): Command => ({
  ...aCommand(run),
  on: { kind: 'instances', service, instances },
})
const all: Chosen = { kind: 'all' }
const one: Chosen = { kind: 'one' }
const named = (...names: string[]): Chosen => ({ kind: 'named', names })

const hosts = ['web-1', 'web-2', 'web-3']
const web = aService('web', 3, {}, { fleet: anSshFleet(hosts) })
const planOf = (preConfigure: Command) => leanPlan({ steps: { preConfigure }, services: [web] })

async function done(
  preConfigure: Command,
  prepare: (memory: ReturnType<typeof inMemory>) => void = () => {},
) {
  const memory = inMemory()
  prepare(memory)
  const context = await opened(memory, planOf(preConfigure))
  const ending = await execute(context)
  const ran = memory.effects().filter((effect) => effect.startsWith('quiet'))
  return { memory, context, ending, ran }
}

describe('a command of a step runs', () => {
  test.each([
    ['on the first instance', one, ['quiet web-1']],
    ['on every instance', all, ['quiet web-1', 'quiet web-2', 'quiet web-3']],
    [
      'on the named instances, in the order of the fleet',
      named('web-3', 'web-1'),
      ['quiet web-1', 'quiet web-3'],
    ],
  ])('%s', async (_, chosen, expected) => {
    const { ran, memory, ending } = await done(on('quiet', chosen))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(ran).toEqual(expected)
    const call = memory.shell.calls.find(({ command }) => command.run === 'quiet')
    expect(call?.variables).toMatchObject({ ROLLGATE_SERVICE: 'web', ROLLGATE_HOST: 'web-1' })
  })

  test('on the runner, where nothing else is said', async () => {
    const { ran } = await done(aCommand('quiet'))
    expect(ran).toEqual(['quiet'])
  })

  test('on ten hosts at once at most', async () => {
    const memory = inMemory()
    let [now, most] = [0, 0]
    memory.shell.play('quiet', () => {
      now += 1
      most = Math.max(most, now)
      void memory.clock.sleep(1_000).then(() => {
        now -= 1
      })
      return { takes: 1_001 }
    })
    const names = Array.from({ length: 25 }, (_, at) => `web-${at + 1}`)
    const service = aService('web', 25, {}, { fleet: anSshFleet(names) })
    const plan = leanPlan({ steps: { preConfigure: on('quiet', all) }, services: [service] })
    await execute(await opened(memory, plan))
    expect(most).toBe(10)
  })
})

test('the failing host is named, the others end, and no further one begins', async () => {
  const memory = inMemory()
  const names = Array.from({ length: 15 }, (_, at) => `web-${at + 1}`)
  const service = aService('web', 15, {}, { fleet: anSshFleet(names) })
  memory.shell.play('quiet', ({ variables: { ROLLGATE_INSTANCE: name } }) => ({
    takes: name === 'web-2' ? 1 : 1_000,
    ...(name === 'web-2' ? { ends: { kind: 'exited', code: 3 } } : {}),
  }))
  const configureBroker = on('quiet', all)
  const plan = leanPlan({ steps: { configureBroker }, services: [service] })
  const context = await opened(memory, plan)
  await execute(context)
  expect(context.session.standing.pause).toMatchObject({
    failure: { code: 'command-failed', what: 'configure-broker on web-2 exited with 3.' },
  })
  const ran = memory.effects().filter((effect) => effect.startsWith('quiet'))
  expect(ran).toHaveLength(10)
  expect(context.session.standing.steps.get('configure-broker')?.ranOn).toHaveLength(9)
})

test('a retry leaves out the hosts on which it has ended well', async () => {
  const memory = inMemory()
  memory.shell.play('quiet', ({ variables: { ROLLGATE_INSTANCE: name } }) =>
    name === 'web-2' ? { ends: { kind: 'exited', code: 1 } } : {},
  )
  const plan = leanPlan({ steps: { configureBroker: on('quiet', all) }, services: [web] })
  const context = await opened(memory, plan)
  await execute(context)
  const { journal, standing } = context.session
  memory.shell.play('quiet', {})
  const at = memory.clock.now().toISOString()
  const before = memory.effects().length
  const decided = {
    kind: 'decided',
    pause: standing.pause?.id ?? '',
    decision: 'retry',
    instances: [],
    by: 'bob',
    reason: '',
  } as const
  const again = await goingOn(inMemoryAgain(memory), plan, [...journal, { at, ...decided }])
  expect(await execute(again)).toMatchObject({ outcome: { kind: 'succeeded' } })
  expect(
    memory
      .effects()
      .slice(before)
      .filter((effect) => effect.startsWith('quiet')),
  ).toEqual(['quiet web-2'])
})

/** The ledger is written anew, by the next run. */
function inMemoryAgain(memory: ReturnType<typeof inMemory>) {
  const { ledgers } = inMemory()
  return { ...memory, ledgers, ports: { ...memory.ports, ledgers } }
}

test('a run that dies while hosts run it leaves a question that names those that ended', async () => {
  const plan = leanPlan({ steps: { configureBroker: on('quiet', all) }, services: [web] })
  const memory = inMemory()
  const at = memory.clock.now().toISOString()
  const run = { id: 1, attempt: 1, url: '' }
  const context = await goingOn(memory, plan, [
    { at, kind: 'opened', number: 7, run, by: ['alice'] },
    { at, kind: 'step-started', step: 'source' },
    { at, kind: 'step-succeeded', step: 'source' },
    { at, kind: 'step-started', step: 'configure-broker' },
    { at, kind: 'command-ran', step: 'configure-broker', instance: 'web-1' },
    { at, kind: 'interrupted', cause: 'lost' },
    { at, kind: 'resumed', run: { ...run, id: 2 }, by: ['alice'] },
  ])
  await execute(context)
  expect(context.session.standing.pause).toMatchObject({ failure: { code: 'outcome-unknown' } })
  expect(JSON.stringify(durableLedger(memory).deployment?.journal.at(-1))).toContain(
    'whether it finished on instances other than web-1 is not known',
  )
  expect(memory.effects()).toEqual([])
})

test('the running jobs of every host are waited for', async () => {
  const memory = inMemory()
  let left = 2
  memory.shell.play('running', ({ variables: { ROLLGATE_INSTANCE: name } }) => {
    if (name !== 'web-3' || left === 0) return {}
    left -= 1
    return { lines: ['job-9'] }
  })
  const scheduler = aScheduler({ running: on('running', all), suspend: on('suspend', all), deploy: null })
  const context = await opened(memory, leanPlan({ steps: { scheduler }, services: [web] }))
  expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
  expect(memory.effects().filter((effect) => effect.startsWith('suspend'))).toHaveLength(3)
  expect(memory.effects().filter((effect) => effect.startsWith('running'))).toHaveLength(15)
  expect(memory.voice.texts('line').join('\n')).toContain('waiting for 1 running: job-9')
})

describe('a plan', () => {
  test.each([
    ['a service', on('quiet', one, 'worker'), 'on worker, and there is no such service here'],
    ['an instance', on('quiet', named('web-1', 'web-9')), 'on web-9, which web does not have here'],
  ])('is refused that names %s which is not there', (_, command, words) => {
    const { refusals } = planOf(command)
    expect(refusals).toMatchObject([{ code: 'command-nowhere', what: `steps.pre-configure runs ${words}.` }])
  })

  test('has the hosts of an inventory for its commands too, and no other', async () => {
    const memory = inMemory()
    const { v3, serve } = await aRepository(memory)
    await serve()
    memory.workspace.head = v3.sha
    memory.shell.play('print-hosts', { lines: ['web-1', 'web-2'] })
    const fleet = anSshFleet([], { inventory: aCommand('print-hosts') })
    const config = aReader({
      policy: { approval: { kind: 'none' } },
      recipe: {
        steps: { ...leanSteps, postConfigure: on('quiet', all) },
        services: [aService('web', 0, {}, { fleet })],
      },
    })
    const deployed = await deploy(anActingRun({ ports: memory.ports, config, doer: bob }), aRequest(), null)
    expect(deployed).toMatchObject({ ending: { outcome: { kind: 'succeeded', afterwards: null } } })
    expect(memory.effects().filter((effect) => effect.startsWith('quiet'))).toEqual([
      'quiet web-1',
      'quiet web-2',
    ])
    expect(memory.effects().filter((effect) => effect === 'print-hosts')).toHaveLength(1)
  })
})

const leanSteps = {
  build: null,
  configureBroker: null,
  preDeploy: null,
  scheduler: null,
  preConfigure: null,
  migrate: null,
  postConfigure: null,
  postDeploy: null,
}
