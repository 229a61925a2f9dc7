import { expect, test } from 'vitest'
import { sideOf } from '../../src/domain/detour/agreement.ts'
import type { DoorSeen } from '../../src/domain/detour/detour-seen.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import { absent, found, type Reading, unknown } from '../../src/domain/reading.ts'

const hidden = unknown({ code: 'detour-unseen', what: 'It did not answer.', why: '', next: '' })
const looks: Readonly<Record<string, Reading<DetourSide>>> = {
  home: found('home'),
  aside: found('stand-in'),
  none: absent,
  hidden,
}
const all = Object.keys(looks)
const door = (file: string, memory: string, marker: string): DoorSeen => ({
  file: looks[file] ?? hidden,
  memory: looks[memory] ?? hidden,
  marker: looks[marker] ?? hidden,
  writes: absent,
  inFlight: { home: absent, 'stand-in': absent },
})

test('visitors are on the side that all telling parts of the door name, the settings never alone; else it is unknown', () => {
  for (const file of all)
    for (const memory of all)
      for (const marker of all) {
        const parts = [file, memory, marker]
        const told = new Set(parts.filter((part) => part !== 'none'))
        const seen = memory !== 'none' || marker !== 'none'
        const agreed = seen && told.size === 1 && !told.has('hidden')
        const side = sideOf(door(file, memory, marker))
        expect([parts, side.kind]).toEqual([parts, agreed ? 'found' : 'unknown'])
        if (side.kind === 'found')
          expect([parts, side.value]).toEqual([parts, told.has('home') ? 'home' : 'stand-in'])
      }
})
