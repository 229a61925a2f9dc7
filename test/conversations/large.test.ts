import { expect, test } from 'vitest'
import * as workflow from '../../src/sandbox/workflow.ts'
import { aStory, lean } from './story.ts'

/** GitHub's limits, in bytes: a page of one step, and an output of a job. */
const longestPage = 1024 * 1024
const longestOutput = 1024 * 1024

const hostsOf = (service: string): string[] =>
  Array.from(
    { length: 1_000 },
    (_, at) =>
      `          ${service}-${at}: { host: ${service}-${at}.internal.example.com, env: { PORT: "${8_000 + at}", ZONE: zone-${at % 3}, DATA_DIR: /srv/${service}/${at} } }`,
  )

const serviceOf = (service: string): string[] => [
  `  ${service}:`,
  '    fleet:',
  '      install: bin/install',
  '      ssh:',
  '        hosts:',
  ...hostsOf(service),
  '    rollout: { max-parallel: 5% }',
  '    version: { run: bin/version }',
]

/** The config of 1,000 hosts x 3 services, whose migration fails. */
const config = [
  'version: 1',
  'app: shop',
  'environments:',
  '  production: { class: production, requires: { approval: true } }',
  'steps:',
  '  migrate: { run: exit 1, phase: expand }',
  'services:',
  ...['web', 'api', 'worker'].flatMap(serviceOf),
  '',
].join('\n')

test('1,000 hosts x 3 services with variables pass from the plan to the gate and the deployment F15', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const files = { '.github/rollgate.yml': config, 'bin/install': 'true\n', 'bin/version': 'true\n' }
  await stage.github.commit('main', files, 'Many hosts', { tag: 'v1' })
  const { plan, work } = await workflow.deploy(stage, 'v1')
  expect(plan.main.outputs).toMatchObject({ outcome: 'planned' })
  expect(plan.main.outputs.plan?.length).toBeLessThanOrEqual(1024)
  expect(work?.main.outputs).toMatchObject({ outcome: 'waiting', pause: '1.1' })
  for (const { main } of [plan, work ?? plan]) {
    expect(Buffer.byteLength(main.summary)).toBeLessThan(longestPage)
    for (const output of Object.values(main.outputs)) expect(output.length).toBeLessThan(longestOutput)
  }
  stage.asksAtMost(30 + 5 * 5)
})
