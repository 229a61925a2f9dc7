import type { RolloutOrder } from '../../domain/config/service.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { InstanceWork } from './instance-work.ts'
import type { Listener } from './listener.ts'
import { stopFirst } from './stop-first.ts'

type InstanceOrder = (work: InstanceWork, listener: Listener) => Promise<Failure | null>

/** The way of one instance to its release, in every order. */
const orders: Readonly<Record<RolloutOrder, InstanceOrder>> = {
  'stop-first': stopFirst,
}

/** Takes one instance to its release. */
export const change: InstanceOrder = (work, listener) => orders['stop-first'](work, listener)
