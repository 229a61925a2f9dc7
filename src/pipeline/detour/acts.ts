import type { Ability, DetourAct, DetourDeed } from '../../domain/detour/deed.ts'
import { lostInEvidence } from '../../domain/detour/lost-writes.ts'
import { absent, known, type Reading } from '../../domain/reading.ts'
import type { Watch } from '../ports.ts'
import type { ActRow } from './act-row.ts'
import { ownActs } from './own/acts.ts'
import { startHome, startStandIn, stopHome, stopStandIn, warmHome } from './sides.ts'
import { type DetourWork, evidenceOf, unseen } from './work.ts'

/** A row a deed, in the order in which a detour does them. */
export const acts: { readonly [Act in DetourAct]: ActRow } = {
  able: { do: async (work, watch) => ability(await work.control.database.able(work.id, work.seen, watch)) },
  copied: { do: ({ control, id, seen }, watch) => control.database.open(id, seen, watch) },
  'stand-in-started': { do: startStandIn },
  'writes-shut': { do: ({ control, seen }, watch) => control.door.writes('shut', seen, watch) },
  fenced: {
    quick: true,
    do: ({ control, id, seen }, watch) => control.database.fence(id, 'home', seen, watch),
  },
  level: {
    quick: true,
    do: (work, watch) =>
      work.control.database.level(work.id, evidenceOf(work, 'fenced').position ?? '', work.seen, watch),
  },
  cut: { quick: true, do: ({ control, id, seen }, watch) => control.database.cut(id, seen, watch) },
  'at-stand-in': {
    do: ({ control, seen }, watch) => control.door.point('stand-in', seen, watch),
    keeps: ({ database }) => ({ 'frozen-at': known(database.frozenAt) ?? 'none' }),
  },
  'home-drained': { do: ({ control, seen }, watch) => control.door.drained('home', seen, watch) },
  'home-stopped': { do: stopHome },
  hardened: { do: ({ control, id, seen }, watch) => control.database.harden(id, seen, watch) },
  writable: { do: ({ control, id, seen }, watch) => control.database.unfence(id, 'stand-in', seen, watch) },
  'writes-open': { do: ({ control, seen }, watch) => control.door.writes('open', seen, watch) },
  'home-warm': { do: warmHome },
  closed: { do: endDatabase },
  'at-home': { do: ({ control, seen }, watch) => control.door.point('home', seen, watch) },
  'stand-in-drained': { do: ({ control, seen }, watch) => control.door.drained('stand-in', seen, watch) },
  'stand-in-stopped': { do: stopStandIn },
  discarded: { do: ({ control, id, seen }, watch) => control.database.discard(id, seen, watch) },
  rejoined: { do: ({ control, id, seen }, watch) => control.database.rejoin(id, seen, watch) },
  unfenced: { do: ({ control, id, seen }, watch) => control.database.unfence(id, 'home', seen, watch) },
  'home-started': { do: startHome },
  ...ownActs,
}

/** A reason against it stops before anything is done. */
function ability(reading: Reading<Ability>): DetourDeed {
  switch (reading.kind) {
    case 'absent':
      return { kind: 'done', evidence: {} }
    case 'unknown':
      return unseen(reading.why)
    case 'found': {
      const { refusals, warnings, facts } = reading.value
      return refusals.length === 0
        ? {
            kind: 'done',
            evidence: { ...facts, ...(warnings.length > 0 && { warnings: warnings.join(' ') }) },
          }
        : { kind: 'failed', failure: { code: 'detour-refused', what: refusals.join(' '), tail: [] } }
    }
  }
}

/**
 * The way is part of the evidence: a database that was proven for one way is not ready for another. Writes that home will
 * not have are counted before the stand-in goes; where that fails, the count is asked for again.
 */
async function endDatabase(work: DetourWork, watch: Watch): Promise<DetourDeed> {
  const { control, id, way, seen } = work
  const deed = await control.database.close(id, way, seen, watch)
  if (deed.kind === 'failed') return deed
  const lost = givesUpWrites(work) ? await control.database.lostWrites(id, seen, watch.signal) : absent
  if (lost.kind === 'unknown') return unseen(lost.why)
  const counted = lost.kind === 'found' ? lostInEvidence(lost.value) : {}
  return { kind: 'done', evidence: { ...deed.evidence, ...counted, way } }
}

/** A database that is brought back is the stand-in's, with all that was written there. */
const givesUpWrites = ({ mode, way }: DetourWork): boolean =>
  mode === 'read-write' && (way === 'return' || way === 'revert-code')
