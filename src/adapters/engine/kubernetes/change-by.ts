import type { Failure } from '../../../domain/question/decision.ts'
import type { Calling } from '../tool.ts'
import { emptying, patchWorkload, scaling, unchanged } from './change.ts'
import { missing, unread } from './failures.ts'
import type { WorkloadLook } from './look.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import type { PatchOperation } from './operation.ts'

/** The times that an order is given while the size of a workload changes. */
export const TRIES = 3

type Operations = (look: WorkloadLook) => readonly PatchOperation[]

/** Changes a workload by what a look at it asks for; nothing where it asks for nothing. */
export async function changeBy(
  here: KubernetesMeans,
  operations: Operations,
  calling: Calling,
): Promise<Failure | null> {
  const { engine, reader } = here
  const read = await reader.look(engine.workload, calling.variables, calling.watch.signal)
  if (read.kind === 'unknown') return unread(read.why)
  if (read.kind === 'absent') return missing(placeInWords(engine))
  const chosen = operations(read.value)
  return chosen.length === 0
    ? null
    : patchWorkload(here, [unchanged(read.value.workload), ...chosen], calling)
}

/** Has a workload run so many replicas at least. */
export const scaleTo = (here: KubernetesMeans, replicas: number, calling: Calling): Promise<Failure | null> =>
  sizeBy(here, ({ workload }) => scaling(here.engine.workload.kind, workload, replicas), calling)

/** Has a workload run no replica. */
export const scaleToNone = (here: KubernetesMeans, calling: Calling): Promise<Failure | null> =>
  sizeBy(here, ({ workload }) => emptying(here.engine.workload.kind, workload), calling)

/** Its size is no matter of what else another program has it run: it is read and patched once more. */
async function sizeBy(
  here: KubernetesMeans,
  operations: Operations,
  calling: Calling,
): Promise<Failure | null> {
  for (let tries = 1; ; tries++) {
    const failure = await changeBy(here, operations, calling)
    if (failure?.code !== 'engine-superseded' || tries >= TRIES) return failure
  }
}
