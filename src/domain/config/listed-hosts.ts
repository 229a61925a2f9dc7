import type { Step } from '../step/step.ts'
import { rollSteps } from '../step/steps-in.ts'
import { type Host, isOverSsh } from './fleet.ts'

/** Hosts that inventories have printed, by service. */
export type ListedHosts = Readonly<Record<string, readonly Host[]>>

/** The hosts of a plan that its inventories have printed; null where none has. */
export function listedHosts({ steps }: { readonly steps: readonly Step[] }): ListedHosts | null {
  const listed = rollSteps(steps).flatMap(({ service: { name, fleet } }): [string, readonly Host[]][] => {
    if (!isOverSsh(fleet)) return []
    const { inventory, instances } = fleet
    return inventory === null || instances.length === 0 ? [] : [[name, instances]]
  })
  return listed.length === 0 ? null : Object.fromEntries(listed)
}
