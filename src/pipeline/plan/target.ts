import { backupNamed, servedAtBackup } from '../../domain/backup/backups.ts'
import { unknownBackup } from '../../domain/backup/restore-refusals.ts'
import { oldestIn, previousRelease, servedAs, servedBefore } from '../../domain/ledger/history.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { hasBrought, modes } from '../../domain/plan/modes.ts'
import { backupOf } from '../../domain/plan/undertaking.ts'
import { adviseWayBack } from '../../domain/plan/way-back.ts'
import { asProblem, Problem } from '../../domain/problem.ts'
import type { Release } from '../../domain/release/release.ts'
import type { Schedule } from '../../domain/schedule/schedule.ts'
import type { Request } from './request.ts'

type TargetRequest = Pick<Request, 'undertaking' | 'environment' | 'tag'>

/** The tag to deploy, and the commit that was recorded for it earlier; null without a record. */
export interface Target {
  readonly tag: string
  readonly recorded: { readonly sha: string; readonly when: string } | null
  /** The release that serves, which nothing is brought for: its commit is enough, whatever became of its tag. */
  readonly serves?: true
}

/** A schedule deploys the commit its tag pointed to when it was scheduled. */
export const pinned = ({ id, release }: Schedule): Target => ({
  tag: release.tag,
  recorded: { sha: release.sha, when: `it was scheduled as ${id}` },
})

const deployedHere = ({ tag, sha }: Release): Target => ({
  tag,
  recorded: { sha, when: 'it was deployed here' },
})

/** Returns the requested tag, and the commit it had when it served here. */
export function targetOf(request: TargetRequest, ledger: Ledger): Target {
  switch (modes[request.undertaking.mode].target) {
    case 'named':
      if (request.tag === null) throw missingTag()
      return { tag: request.tag, recorded: null }
    case 'before':
      return targetBack(request, ledger)
    case 'backup':
      return targetOfBackup(request, ledger)
    case 'serving':
      return whatServes(request, ledger)
  }
}

/** The database of a backup suits the release that served when it was made. */
function targetOfBackup({ undertaking, tag }: TargetRequest, ledger: Ledger): Target {
  const name = backupOf(undertaking) ?? ''
  const backup = backupNamed(ledger, name)
  if (backup === null) throw asProblem(unknownBackup(name, ledger))
  const release = servedAtBackup(ledger, backup)
  if (release !== null && (tag === null || tag === release.tag)) return deployedHere(release)
  throw new Problem('nothing-to-roll-back-to', {
    what:
      release === null
        ? `No release served ${ledger.environment} when ${backup.name} was made, or the ledger has forgotten it. ${memoryInWords(ledger)}`
        : `The input release is ${tag}, and ${release.tag} served when ${backup.name} was made.`,
    why: 'A restore behind a detour brings the release back that its backup suits.',
    next: 'Leave the release out, or restore behind the maintenance page, which keeps the serving release. Nothing was changed.',
  })
}

function whatServes({ environment, tag }: TargetRequest, { serving }: Ledger): Target {
  if (serving !== null && tag !== null && tag !== serving.release.tag)
    throw new Problem('input-invalid', {
      what: `The input release is ${tag}, and ${serving.release.tag} serves ${environment}.`,
      why: 'A restart or a task runs against the serving release only.',
      next: `Deploy ${tag}, or leave the release out. Nothing was changed.`,
    })
  if (serving !== null) return { ...deployedHere(serving.release), serves: true }
  throw new Problem('nothing-serves', {
    what: `Nothing serves ${environment} yet.`,
    why: 'A restart or a task needs the serving release, and no deployment has succeeded here.',
    next: 'Deploy a release first. Nothing was changed.',
  })
}

function targetBack(request: TargetRequest, ledger: Ledger): Target {
  const previous = previousRelease(ledger.history)
  if (request.tag === null) {
    if (previous === null) throw nothingBefore(ledger)
    return deployedHere(previous)
  }
  const served = servedAs(ledger.history, request.tag)
  if (served !== null) return deployedHere(served.release)
  throw new Problem('nothing-to-roll-back-to', {
    what: `The ledger of ${request.environment} remembers no successful deployment of ${request.tag}.`,
    why: `A rollback goes to a release that did work here. ${memoryInWords(ledger)}`,
    next: `${adviseWayBack(ledger)} Leave the release out to go to the one before, name one that has served, or deploy this one.`,
  })
}

const missingTag = () =>
  new Problem('input-invalid', {
    what: 'The input release is empty.',
    why: 'A deployment takes one release to one environment.',
    next: 'Give the tag of the release, like release: v1.2.0.',
  })

/** The deployments that a ledger has forgotten: one of them may have brought a release. */
const memoryInWords = ({ history }: Ledger): string => {
  const oldest = oldestIn(history)
  return oldest === 1
    ? 'It keeps every deployment so far.'
    : `Those before deployment ${oldest} are forgotten; the git history of its ref has them.`
}

/** The most releases that a refusal names as alternatives. */
const mostNamed = 3

/**
 * Refuses a rollback without a further release. After a rollback this is usual: pressed again, it must
 * neither toggle nor sound as if something were broken.
 */
function nothingBefore(ledger: Ledger): Problem {
  const { environment, serving, history } = ledger
  const last = history.find(hasBrought)
  const others = servedBefore(ledger, mostNamed).map(({ tag }) => tag)
  if (serving === null)
    return new Problem('nothing-to-roll-back-to', {
      what: `Nothing serves ${environment} yet, so there is nothing to roll back from.`,
      why: 'Only successful deployments count, and none is remembered.',
      next: 'Deploy a release first. Nothing was changed.',
    })
  const { tag } = serving.release
  const wentBack = last !== undefined && modes[last.mode].goesBack ? last : null
  const before = wentBack?.from?.tag ?? null
  return new Problem('nothing-to-roll-back-to', {
    what:
      before === null
        ? `${tag} serves ${environment}, and the ledger remembers no release before it. ${memoryInWords(ledger)}`
        : `${environment} went back from ${before} to ${tag} already (deployment ${wentBack?.number}), and ${tag} serves it now. The ledger remembers no release before ${tag}. ${memoryInWords(ledger)}`,
    why: 'A rollback goes to the release before the one that serves, and never forward again.',
    next:
      others.length === 0
        ? `If ${tag} works, nothing is to be done. Else deploy a corrected release. Nothing was changed.`
        : `If ${tag} works, nothing is to be done. Else deploy a corrected release, or name one that served here: ${others.join(', ')}. Nothing was changed.`,
  })
}
