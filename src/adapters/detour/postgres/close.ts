import type { Closing, DetourEvidence } from '../../../domain/detour/deed.ts'
import { counted } from './count.ts'
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
  const evidence = notes.opened === undefined ? await untouched(work, notes) : await countedFirst(work, notes)
  // A detour whose run was lost on its way may have left home shut.
  if (notes.revoked !== undefined) await harden(work)
  await onSide(work, 'home', (on) => endFence(work, 'home', on))
  return evidence
}

async function countedFirst(
  work: PostgresWork,
  { opened = '', rows = '0' }: StandInSeen['notes'],
): Promise<DetourEvidence> {
  const { position = '' } = await fence(work, 'stand-in')
  const lost = await onSide(work, 'stand-in', (on) => counted(on, opened, rows))
  const total = lost.kind === 'counted' ? sum(Object.values(lost.byTable)) : lost.rows
  return { position, opened, lost: lost.kind === 'counted' ? String(total) : `at most ${total}` }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
