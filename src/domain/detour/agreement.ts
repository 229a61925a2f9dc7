import { found, type Reading, unknown } from '../reading.ts'
import type { DoorSeen } from './detour-seen.ts'
import type { DetourSide } from './side.ts'

/**
 * Returns the side that visitors reach: what the settings, the memory and the marker of a door say alike. A door whose
 * settings and memory differ sends visitors elsewhere at its next reload, so that readings which disagree are unknown.
 * Settings alone tell what the next reload will do, and not where visitors are now.
 */
export function sideOf({ file, memory, marker }: DoorSeen): Reading<DetourSide> {
  const readings = { settings: file, memory, marker }
  const said: [string, DetourSide][] = []
  for (const [name, reading] of Object.entries(readings)) {
    if (reading.kind === 'unknown') return reading
    if (reading.kind === 'found') said.push([name, reading.value])
  }
  const sides = [...new Set(said.map(([, side]) => side))]
  const [side] = sides
  const told = memory.kind === 'found' || marker.kind === 'found'
  if (side !== undefined && sides.length === 1 && told) return found(side)
  return unknown({
    code: 'detour-disagrees',
    what: told
      ? `The parts of the door disagree: ${said.map(([name, at]) => `${name} say ${at}`).join(', ')}.`
      : 'The door does not tell which side visitors reach.',
    why: 'A frontend may have been reloaded, or changed by hand.',
    next: 'Look at the door, have all of it say one side, and try again.',
  })
}
