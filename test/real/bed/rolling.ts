import { expect, onTestFinished } from 'vitest'
import type { Result } from '../../../src/report/outcome/result-output.ts'
import type { Job } from '../../../src/sandbox/stage.ts'
import { type Bed, type BedOptions, type Service, startBed } from './bed.ts'
import { missingParts } from './parts.ts'
import { openProject, type Project } from './project.ts'

/** True if rolls cannot be shown here. */
export const missing = missingParts('sshd', 'haproxy', 'cc', 'flock') !== null

/** The work on a host that is brought to v2. */
export const deployed = ['stop v2', 'install v2', 'start v2']

/** A bed of ten that serves v1, and a project whose v2 is rolled as `service` says. There is no trouble yet. */
export async function aRoll(
  service: Service,
  options: Partial<BedOptions> = {},
): Promise<{ bed: Bed; project: Project }> {
  const bed = await startBed({ hosts: 10, release: 'v1', ...options })
  onTestFinished(() => bed.close())
  const project = await openProject(bed.files)
  const recipe = options.slots === true ? bed.slotted : bed.service
  onTestFinished(async () => {
    await project.close()
    expect(project.github.violations).toEqual([])
  })
  await project.release('v1', recipe(service))
  const { main } = await deploy(project, 'v1')
  expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(bed.apps.flatMap((app) => app.seen())).toEqual([])
  await project.release('v2', recipe(service))
  return { bed, project }
}

export const deploy = (project: Project, release = 'v2'): Promise<Job> =>
  project.job(release, { command: 'deploy', release })

/** Answers the question that a job ended with. */
export const decide = (project: Project, { main }: Job, decision: string): Promise<Job> =>
  project.job('v2', { command: 'decide', pause: main.outputs.pause ?? '', decision, reason: 'looked at it' })

/** Parses the output `result`. */
export const resultOf = ({ main }: Pick<Job, 'main'>): Result => JSON.parse(main.outputs.result ?? '{}')

/** Runs an action while requests come at a steady rate: none may fail, and enough must stay up. */
export async function underLoad<Done>(
  bed: Bed,
  floor: number,
  work: () => Promise<Done>,
  perSecond = 100,
): Promise<Done> {
  const before = await bed.balancer.failures()
  await bed.balancer.watchFromHere()
  const load = bed.load(perSecond)
  const done = await work().finally(() => load.stop())
  expect(load.report()).toMatchObject({ failures: 0, reasons: [] })
  expect(load.report().count).toBeGreaterThan(10)
  if (process.env.ROLLGATE_REQUESTS !== undefined) console.log(load.report())
  expect(await bed.balancer.failures()).toEqual(before)
  expect(bed.balancer.fewestUp()).toBeGreaterThanOrEqual(floor)
  return done
}
