import type { DetourDeed, DetourEvidence } from '../../../domain/detour/deed.ts'

export const done = (evidence: DetourEvidence): DetourDeed => ({ kind: 'done', evidence })

export const notDone = (why: string): DetourDeed => ({
  kind: 'failed',
  failure: { code: 'detour-unseen', what: `The SQLite files do not show it: ${why}.`, tail: [] },
})

/** Does a deed; what SQLite or the file system says against it is its failure. */
export async function tried(what: string, work: () => DetourDeed | Promise<DetourDeed>): Promise<DetourDeed> {
  try {
    return await work()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      kind: 'failed',
      failure: { code: 'command-failed', what: `SQLite could not ${what}: ${why}.`, tail: [] },
    }
  }
}
