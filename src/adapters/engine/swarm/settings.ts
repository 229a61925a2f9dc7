import * as z from 'zod/mini'
import type { SwarmEngine } from '../../../domain/config/engine-recipe.ts'
import { readJson } from '../read-json.ts'
import type { SwarmService, SwarmUpdateConfig } from './service-shape.ts'

/** The label that keeps the settings from before, so that any later run can give them back. */
export const LABEL = 'rollgate.update-settings'

/** The settings of an update that a rollout takes, in the words of the Docker CLI. */
const settingsShape = z.record(z.string(), z.string())

type Settings = z.infer<typeof settingsShape>

/**
 * Returns the options that set how a rollout goes. A swarm keeps them in the service for ever; those from before stay in a
 * label meanwhile. After a failure the swarm pauses: it must neither go on nor go back by itself, which it calls a success.
 */
export function settingOptions(recipe: SwarmEngine, service: SwarmService): readonly string[] {
  const ours = settingsOf(recipe)
  const options = optionsOf(ours)
  if (keptIn(service) !== null) return options
  const now = currentSettings(service.Spec.UpdateConfig ?? {})
  const before = Object.fromEntries(Object.keys(ours).flatMap((name) => entryOf(now, name)))
  return isSame(before, ours) ? options : [...options, '--label-add', `${LABEL}=${JSON.stringify(before)}`]
}

/** Returns the options that give the settings from before back; none where none were taken. */
export function givingBack(service: SwarmService): readonly string[] {
  const kept = keptIn(service)
  return kept === null ? [] : [...optionsOf(kept), '--label-rm', LABEL]
}

const settingsOf = ({ order, parallelism, monitor }: SwarmEngine): Settings => ({
  'failure-action': 'pause',
  'max-failure-ratio': '0',
  ...(order !== null && { order }),
  ...(parallelism !== null && { parallelism: String(parallelism) }),
  ...(monitor !== null && { monitor: `${monitor}ms` }),
})

const currentSettings = (now: SwarmUpdateConfig): Settings => ({
  'failure-action': now.FailureAction ?? 'pause',
  'max-failure-ratio': String(now.MaxFailureRatio ?? 0),
  order: now.Order ?? 'stop-first',
  parallelism: String(now.Parallelism ?? 1),
  monitor: `${now.Monitor ?? 5_000_000_000}ns`,
})

function keptIn({ Spec }: SwarmService): Settings | null {
  const label = Spec.Labels?.[LABEL]
  if (label === undefined) return null
  const read = readJson(settingsShape, label)
  return typeof read === 'string' ? null : read.value
}

const optionsOf = (settings: Settings): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) => [`--update-${name}`, value])

const entryOf = (settings: Settings, name: string): readonly (readonly [string, string])[] =>
  settings[name] === undefined ? [] : [[name, settings[name]]]

const isSame = (some: Settings, others: Settings): boolean =>
  Object.keys(others).every((name) => some[name] === others[name])
