import type { Step } from '../plan/step.ts'
import type { Host } from './config.ts'

/** Hosts that inventories have printed, by service. */
export type ListedHosts = Readonly<Record<string, readonly Host[]>>

/** The hosts of a plan that its inventories have printed; null where none has. */
export function listedHosts({ steps }: { readonly steps: readonly Step[] }): ListedHosts | null {
  const listed = steps.flatMap((step): [string, readonly Host[]][] => {
    if (step.kind !== 'roll-services' || step.service.fleet.kind !== 'ssh') return []
    const { inventory, instances } = step.service.fleet
    return inventory === null || instances.length === 0 ? [] : [[step.service.name, instances]]
  })
  return listed.length === 0 ? null : Object.fromEntries(listed)
}
