import type { DetourDeed, OwnAct } from '../../../domain/detour/deed.ts'
import { lostInEvidence } from '../../../domain/detour/lost-writes.ts'
import { fencedAt } from '../../../domain/detour/own/copying.ts'
import type { Watch } from '../../ports.ts'
import type { ActRow, Doing } from '../act-row.ts'
import { type DetourWork, unseen } from '../work.ts'

/** The deeds between two sides with a database each, in the order in which they are done. */
export const ownActs: { readonly [Act in OwnAct]: ActRow } = {
  cleared: {
    do: ({ control, id, earlier, seen }, watch) => control.database.clear(id, earlier, seen, watch),
  },
  // A copy that takes writes can follow no more: a later run must find where home was fenced.
  opened: {
    savedBefore: true,
    do: ({ control, id, seen }, watch) => control.database.unfence(id, 'stand-in', seen, watch),
  },
  held: { do: holdAgain },
  marked: { do: ({ control, id, seen }, watch) => control.database.mark(id, seen, watch) },
  pointed: { do: pointing('stand-in') },
  'left-drained': { do: draining('home') },
  left: { do: leaveHome },
  'copy-fenced': {
    quick: true,
    do: ({ control, id, seen }, watch) => control.database.fence(id, 'stand-in', seen, watch),
  },
  'copy-unfenced': {
    do: ({ control, id, seen }, watch) => control.database.unfence(id, 'stand-in', seen, watch),
  },
  counted: { do: countWrites },
  'pointed-back': { do: pointing('home') },
  'copy-drained': { do: draining('stand-in') },
  'copy-left': {
    do: ({ control, id, seen }, watch) => control.database.leave(id, 'stand-in', seen, watch),
  },
}

function pointing(to: 'home' | 'stand-in'): Doing {
  return ({ control, at, seen }, watch) =>
    control.door.point(at[to], { ...seen, ROLLGATE_SIDE: at[to] }, watch)
}

function draining(side: 'home' | 'stand-in'): Doing {
  return ({ control, at, seen }, watch) => control.door.drained(at[side], seen, watch)
}

/** A fence is of one run: another one fences again, and has to see that nothing was written in between. */
async function holdAgain(work: DetourWork, watch: Watch): Promise<DetourDeed> {
  const { control, id, seen, notes, at } = work
  const fenced = await control.database.fence(id, 'home', seen, watch)
  if (fenced.kind === 'failed') return fenced
  const position = fencedAt(notes())
  const still = await control.database.still(id, position, seen, watch.signal)
  if (still.kind === 'unknown') return unseen(still.why)
  if (still.kind === 'found' && still.value)
    return { kind: 'done', evidence: { 'unchanged-since': position } }
  return {
    kind: 'failed',
    failure: {
      code: 'detour-stale',
      what: `${at.home} was written to after it was copied, at ${position}: ${at['stand-in']} lacks that.`,
      tail: [],
      next: 'Deploy again: it is copied anew.',
    },
  }
}

/** Leaves home. Rows that were written past the fence stay there alone, and the record says so. */
async function leaveHome(work: DetourWork, watch: Watch): Promise<DetourDeed> {
  const { control, id, seen, notes } = work
  const position = fencedAt(notes())
  const left = await control.database.leave(id, 'home', seen, watch)
  if (left.kind === 'failed') return left
  const still = await control.database.still(id, position, seen, watch.signal)
  const unchanged = still.kind === 'found' ? (still.value ? 'yes' : '**no**') : 'unknown'
  return { kind: 'done', evidence: { ...left.evidence, unchanged } }
}

async function countWrites({ control, id, seen }: DetourWork, watch: Watch): Promise<DetourDeed> {
  const lost = await control.database.lostWrites(id, seen, watch.signal)
  if (lost.kind === 'unknown') return unseen(lost.why)
  return {
    kind: 'done',
    evidence: lost.kind === 'found' ? lostInEvidence(lost.value) : { lost: 'not counted' },
  }
}
