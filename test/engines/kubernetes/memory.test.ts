import { expect, onTestFinished, test } from 'vitest'
import { bundle } from '../../../src/sandbox/runner/runner.ts'
import { aDigest } from '../../domain/a-plan.ts'
import { openProject } from '../../real/bed/project.ts'
import { expectOutcome } from '../engine-shop.ts'
import { peakUntilEnd } from '../peak.ts'
import { playedKubectl } from './bed/played-kubectl.ts'

/** The most memory that a release of many services may take. */
const MOST_BYTES = 200 * 1024 * 1024

const names = Array.from({ length: 60 }, (_, number) => `service-${number + 1}`)
const [before, after] = [`registry/shop@${aDigest('1')}`, `registry/shop@${aDigest('2')}`]

const engineOf = (deployment: string) => ({
  engine: {
    kubernetes: { deployment, namespace: 'shop', context: 'bed', image: after },
    'min-healthy-time': '0s',
    deadline: '5m',
  },
})

test('a release of 60 Deployments, whose answers are as large as a cluster gives them, takes less than 200 MB', {
  timeout: 900_000,
}, async () => {
  const path = `${playedKubectl(names, { before, after })}:${process.env.PATH}`
  // A runner starts Node.js without options.
  const project = await openProject({ 'README.md': 'A shop.\n' }, {}, bundle, [])
  onTestFinished(() => project.close())
  const others = Object.fromEntries(names.slice(1).map((name) => [name, engineOf(name)]))
  await project.release('v2', engineOf(names[0] ?? ''), {}, others)
  const begun = performance.now()
  const started = await project.start('v2', { command: 'deploy', release: 'v2' }, { PATH: path })
  const peak = await peakUntilEnd(started)
  const main = await started.ended
  expectOutcome({ main, post: await started.post(main) }, 'succeeded')
  const seconds = Math.round((performance.now() - begun) / 1_000)
  console.log(
    `60 Deployments of 3 replicas, played: ${seconds} s, ${Math.round(peak / 1024 / 1024)} MB at most.`,
  )
  expect(peak).toBeLessThan(MOST_BYTES)
})
