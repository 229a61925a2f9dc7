import { createHash } from 'node:crypto'
import type { SwarmTemplate } from './service-shape.ts'

/** The parts of a container that a change of replaces every task. */
const ofContainer = [
  ...['Image', 'Labels', 'Command', 'Args', 'Hostname', 'Env', 'Dir', 'User', 'Groups', 'ReadOnly', 'Mounts'],
  ...['StopSignal', 'Healthcheck', 'Hosts', 'DNSConfig', 'Secrets', 'Configs', 'Sysctls', 'CapabilityAdd'],
]

const ofTask = ['Resources', 'Networks', 'LogDriver', 'ForceUpdate']

/**
 * Names a rollout by the content of its task template. A swarm keeps no name of a rollout: the version of the service
 * changes with each replica as well, and the times of its update status go away with the next change of its size. Parts
 * that are empty, and those that a version of Docker fills in by itself, do not count.
 */
export function rolloutOf(template: SwarmTemplate): string {
  const parts = [...partsOf(template.ContainerSpec, ofContainer), ...partsOf(template, ofTask)]
  return `template-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)}`
}

const partsOf = (whole: Readonly<Record<string, unknown>>, names: readonly string[]): readonly unknown[] =>
  names.flatMap((name) => (isEmpty(whole[name]) ? [] : [[name, whole[name]]]))

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === null || value === 0
  return Object.values(value).every(isEmpty)
}
