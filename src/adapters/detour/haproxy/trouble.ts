import type { DetourDeed, DetourEvidence } from '../../../domain/detour/deed.ts'
import { type Reading, unknown } from '../../../domain/reading.ts'
import { BalancerTrouble } from '../../haproxy/connections.ts'

/** The reason why a door could not be seen or moved, as a sentence. */
export class DoorTrouble extends Error {}

export async function deed(work: () => Promise<DetourEvidence>): Promise<DetourDeed> {
  try {
    return { kind: 'done', evidence: await work() }
  } catch (error) {
    return { kind: 'failed', failure: { code: 'detour-door', what: troubleOf(error).message, tail: [] } }
  }
}

export async function look<T>(work: () => Promise<Reading<T>>): Promise<Reading<T>> {
  try {
    return await work()
  } catch (error) {
    return doorUnseen(troubleOf(error))
  }
}

export const doorUnseen = ({ message }: DoorTrouble): Reading<never> =>
  unknown({
    code: 'detour-unseen',
    what: message,
    why: 'The door gave no answer that tells where visitors are sent.',
    next: 'Look at the door of the detour, then resume.',
  })

function troubleOf(error: unknown): DoorTrouble {
  if (error instanceof DoorTrouble) return error
  if (error instanceof BalancerTrouble) return new DoorTrouble(`${capital(error.message)}.`)
  throw error
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
