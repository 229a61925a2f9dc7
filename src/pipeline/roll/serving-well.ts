import type { Instance } from '../../domain/config/fleet.ts'
import type { Service } from '../../domain/config/service.ts'
import { onward } from '../../domain/journal/direction.ts'
import { isRelease } from '../../domain/release/release.ts'
import type { RollStep } from '../../domain/step/step.ts'
import type { Context } from '../run/context.ts'
import { observe } from './instance-observed.ts'
import { workOn } from './instance-work.ts'

/** The instances of a service that were brought to serve the release. */
export interface Brought {
  readonly service: Service
  readonly instances: readonly Instance[]
}

/**
 * The instances that this deployment brought to serve. One that was excluded or failed before is known, and stands in the
 * outcome.
 */
export function broughtBy({ session }: Context, steps: readonly RollStep[]): Brought[] {
  const { rolls } = session.standing
  const serves = (step: string, name: string): boolean =>
    ['done', 'left-alone'].includes(rolls.get(step)?.instances.get(name)?.state ?? '')
  return steps.map(({ id, service }) => ({
    service,
    instances: service.fleet.instances.filter(({ name }) => serves(id, name)),
  }))
}

/** The time between two looks at an instance of which the first found it not well: one lost answer proves little. */
const secondLook = 5_000

/** Returns what is not well with instances, each in words, where two looks found something; none where the run is told to stop. */
export async function notWell(context: Context, brought: readonly Brought[]): Promise<string[]> {
  const { ports, stop } = context
  if ((await lookOnce(context, brought)).length === 0) return []
  await ports.clock.sleep(secondLook, stop.asked)
  return stop.asked.aborted ? [] : lookOnce(context, brought)
}

async function lookOnce(context: Context, brought: readonly Brought[]): Promise<string[]> {
  const asked = brought.flatMap(({ service, instances }) =>
    instances.map((instance) => illness(context, service, instance)),
  )
  return (await Promise.all(asked)).filter((found) => found !== null)
}

async function illness(context: Context, service: Service, instance: Instance): Promise<string | null> {
  const { release } = context.plan
  const { healthy, version } = await observe(
    await workOn(context, service, instance, onward, context.stop.forced),
  )
  if (!healthy) return `${instance.name} is not healthy any more`
  // Without a version probe nothing can be asked; a lost answer is not the right one.
  if (version === null)
    return service.version === null ? null : `${instance.name} does not say which release it serves`
  return isRelease(version, release) ? null : `${instance.name} serves ${version}, not ${release.tag}`
}
