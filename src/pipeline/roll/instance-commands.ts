import type { Command } from '../../domain/config/command.ts'
import { changesByItself } from '../../domain/config/fleet.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { rollId } from '../../domain/step/step.ts'
import type { Watch } from '../ports.ts'
import { prepareInstance } from '../prepare/instance.ts'
import { pull } from '../pull/pull.ts'
import { quoted } from '../run/context.ts'
import { failureFrom, failureOf } from '../run/failure.ts'
import { placeOf } from './instance-slots.ts'
import type { InstanceWork, TrafficWork } from './instance-work.ts'

/**
 * Prepares while the instance still has traffic: a host that cannot be reached then keeps serving. A release that its
 * service prepares is started where it is seen there, and brought first where it is not: the journal says which.
 */
export async function prepare(work: InstanceWork): Promise<Failure | null> {
  const { context, service, instance } = work
  const prepared = await prepareInstance(work)
  if (prepared.kind === 'failed') return prepared.failure
  if (service.fleet.prepare !== null && context.session.standing.outcome === null)
    context.session.note({
      kind: 'instance-prepared',
      step: rollId(service.name),
      instance: instance.name,
      how: prepared.kind,
      took: prepared.took,
    })
  return null
}

/**
 * Prepares ahead of its turn, beside the work on others: a failure appears in its turn. A service that prepares its releases
 * has them on its instances mostly: its instances are only reached.
 */
export async function prepareAhead(work: InstanceWork): Promise<void> {
  const { fleet, instance, seen, signal, cargo, service } = work
  const ahead =
    service.fleet.prepare === null
      ? fleet.prepare(instance, seen, { line() {}, signal }, cargo)
      : fleet.reach(instance, signal)
  await ahead.catch(failureFrom)
}

/** A host that pulls stops, installs and starts by itself, as soon as it is told to. */
export function install(work: InstanceWork, installs: () => void): Promise<Failure | null> {
  installs()
  const { fleet } = work.service
  return changesByItself(fleet) ? pull(work, fleet) : command(work, 'install', fleet.install)
}

export async function command(
  work: TrafficWork,
  name: string,
  recipe: Command | null,
): Promise<Failure | null> {
  const { context, fleet, instance, seen, signal } = work
  if (recipe === null) return null
  const run = (watch: Watch) => fleet.run(instance, recipe, seen, watch)
  return failureOf(`${name} of ${placeOf(work)}`, await quoted(context, `${placeOf(work)} │ `, run, signal))
}
