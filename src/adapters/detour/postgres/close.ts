import type { Closing, DetourEvidence } from '../../../domain/detour/deed.ts'
import { onSide } from './engine/on-side.ts'
import { endFence, fence } from './fence.ts'
import { harden } from './harden.ts'
import { runningStandIn, type StandInSeen } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { openForWrites } from './promote.ts'
import { revert } from './revert.ts'
import { untouched } from './untouched.ts'

export const close = (work: PostgresWork, way: Closing): Promise<DetourEvidence> => ways[way](work)

const ways: Readonly<Record<Closing, (work: PostgresWork) => Promise<DetourEvidence>>> = {
  return: goBack,
  'revert-code': goBack,
  revert,
  move: openForWrites,
}

/** Home takes its place again, as it is: the stand-in must hold nothing that home lacks and no page has said. */
async function goBack(work: PostgresWork): Promise<DetourEvidence> {
  const { notes } = await runningStandIn(work)
  const evidence = notes.opened === undefined ? await untouched(work, notes) : await fencedFirst(work, notes)
  // A detour whose run was lost on its way may have left home shut.
  if (notes.revoked !== undefined) await harden(work)
  await onSide(work, 'home', (on) => endFence(work, 'home', on))
  return evidence
}

/** The log is read later, once nothing more comes to it. */
async function fencedFirst(
  work: PostgresWork,
  { opened = '' }: StandInSeen['notes'],
): Promise<DetourEvidence> {
  const { position = '' } = await fence(work, 'stand-in')
  return { position, opened }
}
