import type { Command } from '../../domain/config/command.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Watch } from '../ports.ts'
import { quoted } from '../run/context.ts'
import { failureFrom, failureOf } from '../run/failure.ts'
import { placeOf } from './instance-slots.ts'
import type { InstanceWork, TrafficWork } from './instance-work.ts'

/** Prepares while the instance still has traffic: a host that cannot be reached then keeps serving. */
export function prepare({
  context,
  fleet,
  instance,
  seen,
  signal,
  cargo,
}: InstanceWork): Promise<Failure | null> {
  const ready = (watch: Watch) => fleet.prepare(instance, seen, watch, cargo)
  return quoted(context, `${instance.name} │ `, ready, signal)
}

/** Prepares ahead of its turn, beside the work on others: a failure appears in its turn. */
export async function prepareAhead({ fleet, instance, seen, signal, cargo }: InstanceWork): Promise<void> {
  await fleet.prepare(instance, seen, { line() {}, signal }, cargo).catch(failureFrom)
}

export function install(work: InstanceWork, installs: () => void): Promise<Failure | null> {
  installs()
  return command(work, 'install', work.service.fleet.install)
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
