import { describeCommits, describeSaid } from '../../domain/ledger/blocking.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { code, text } from './markdown.ts'

type CommitsBlocked = Pick<Ledger, 'blockedCommits'>

/** The blocks of commits, as a result has them; left out where there is none. */
export const commitBlocksResult = ({ blockedCommits }: CommitsBlocked) =>
  blockedCommits.length === 0
    ? {}
    : {
        'blocked-commits': blockedCommits.map(({ commit, fixedBy, reason, by, at }) => ({
          ...{ commit, 'fixed-by': fixedBy, reason, by, at },
        })),
      }

/** The blocks of commits as lines of a page. */
export const commitBlocksInWords = ({ blockedCommits }: CommitsBlocked): string[] =>
  blockedCommits.map(
    (block) => `every release with ${code(describeCommits(block))}: ${text(describeSaid(block))}`,
  )
