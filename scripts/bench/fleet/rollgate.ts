import type { Result } from '../../../src/report/outcome/result-output.ts'
import type { Roll, Rolled } from './contestants.ts'
import { endBy } from './gauge.ts'
import type { Track } from './track.ts'

/**
 * Runs the shipped bundle, as a runner starts it: a release of its own, with its commit, tag and checkout,
 * made before.
 */
export async function rollByRollgate(
  { bed, project, gauge }: Track,
  { release, width, signal }: Roll,
  settings: string,
): Promise<Rolled> {
  const service = bed.service(
    {
      'health-check': {
        http: `http://$ROLLGATE_HOST:${bed.apps[0]?.port}/is-alive`,
        'min-healthy-time': '0s',
      },
      rollout: { 'max-parallel': width },
    },
    { settings, 'connect-timeout': '10s' },
  )
  await project.release(release, service)
  const { main, cost } = await measured(gauge, signal, () =>
    project.start(release, { command: 'deploy', release }),
  )
  if (main.code !== 0) throw new Error(`it exited with ${main.code}: ${main.log.slice(-20).join('\n')}`)
  const { steps }: Result = JSON.parse(main.outputs.result ?? '{}')
  const seconds = steps.find(({ id }) => id.startsWith('roll-services'))?.seconds ?? null
  return { ...cost, rolling: seconds === null ? null : seconds * 1000 }
}

/** The runner starts `process.execPath`: for the moment of the start that is a program which measures. */
async function measured(
  gauge: Track['gauge'],
  signal: AbortSignal,
  begin: () => ReturnType<Track['project']['start']>,
) {
  const node = process.execPath
  const { program, cost } = gauge.around(node)
  process.execPath = program
  const started = await begin().finally(() => {
    process.execPath = node
  })
  endBy(signal, started.child)
  const main = await started.ended
  await started.post(main)
  return { main, cost: cost() }
}
