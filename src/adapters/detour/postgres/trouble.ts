import type { DetourDeed, DetourEvidence } from '../../../domain/detour/deed.ts'
import { type Reading, unknown } from '../../../domain/reading.ts'

/** The reason why a verb could not be done, as a sentence without secrets. */
export class DatabaseTrouble extends Error {
  readonly code: string
  readonly tail: readonly string[]
  readonly next: string | undefined

  constructor(code: string, what: string, rest: { tail?: readonly string[]; next?: string } = {}) {
    super(what)
    this.code = code
    this.tail = rest.tail ?? []
    this.next = rest.next
  }
}

/** Runs a verb: its evidence means done, its trouble means failed, and any other error is a fault of Rollgate's. */
export async function deed(work: () => Promise<DetourEvidence>): Promise<DetourDeed> {
  try {
    return { kind: 'done', evidence: await work() }
  } catch (error) {
    const { code, message, tail, next } = troubleOf(error)
    return { kind: 'failed', failure: { code, what: message, tail, ...(next === undefined ? {} : { next }) } }
  }
}

/** Runs a look: its trouble means that nothing is known. */
export async function look<T>(work: () => Promise<Reading<T>>): Promise<Reading<T>> {
  try {
    return await work()
  } catch (error) {
    return unseen(troubleOf(error))
  }
}

export const unseen = (trouble: DatabaseTrouble): Reading<never> =>
  unknown({
    code: 'detour-unseen',
    what: trouble.message,
    why: trouble.tail.at(-1) ?? 'The database or its host gave no answer that tells it.',
    next: trouble.next ?? 'Look at the databases of the detour, then resume.',
  })

export function troubleOf(error: unknown): DatabaseTrouble {
  if (error instanceof DatabaseTrouble) return error
  throw error
}
