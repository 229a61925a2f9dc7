import type { Failure } from '../../domain/question/decision.ts'
import type { RolloutOrder } from '../../domain/rolling/rollout-order.ts'
import { inPlace } from './in-place.ts'
import type { InstanceWork } from './instance-work.ts'
import type { Listener } from './listener.ts'
import { startFirst } from './start-first.ts'
import { stopFirst } from './stop-first.ts'

type InstanceOrder = (work: InstanceWork, listener: Listener) => Promise<Failure | null>

/** The way of one instance to its release, in every order. */
const orders: Readonly<Record<RolloutOrder['kind'], InstanceOrder>> = {
  'stop-first': stopFirst,
  'start-first': startFirst,
  'in-place': inPlace,
}

/** Takes one instance to its release. */
export const change: InstanceOrder = (work, listener) =>
  orders[work.service.rollout.order.kind](work, listener)
