import type { Result } from '../../../src/report/outcome/result-output.ts'
import { type Cost, endBy } from './gauge.ts'
import type { Roll, Rolled } from './roll.ts'
import { QUICK_SETTINGS, type Track } from './track.ts'

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

/** Runs the shipped bundle for a service that prepares; answers when it began, besides. */
export async function prepareByRollgate(
  { bed, project, gauge }: Track,
  { command, release, checkout, width, signal }: Prepared,
): Promise<Cost & { readonly result: Result; readonly began: number }> {
  const service = bed.service(
    {
      'health-check': {
        http: `http://$ROLLGATE_HOST:${bed.apps[0]?.port}/is-alive`,
        'min-healthy-time': '0s',
      },
      rollout: { 'max-parallel': width },
    },
    { settings: QUICK_SETTINGS, 'connect-timeout': '10s', upload: UPLOAD },
  ) as { fleet: object }
  const inSh = (run: string) => ({ run, shell: 'sh' })
  const fleet = { ...service.fleet, prepare: inSh('bin/host prepare'), install: inSh('bin/host switch') }
  if (release !== null) await project.release(release, { ...service, fleet })
  const inputs = { command, ...(release === null ? {} : { release }) }
  const { main, cost, began } = await measured(gauge, signal, () =>
    project.start(release ?? checkout, inputs),
  )
  if (main.code !== 0) throw new Error(`it exited with ${main.code}: ${main.log.slice(-20).join('\n')}`)
  return { ...cost, began, result: JSON.parse(main.outputs.result ?? '{}') }
}

interface Prepared {
  readonly command: 'deploy' | 'rollback'
  /** The release to make and bring; null to go back. */
  readonly release: string | null
  readonly checkout: string
  readonly width: number
  readonly signal: AbortSignal
}

/** The file that is brought to every host. */
export const UPLOAD = 'build/shop.bin'

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
  const began = performance.now()
  endBy(signal, started.child)
  const main = await started.ended
  await started.post(main)
  return { main, cost: cost(), began }
}
