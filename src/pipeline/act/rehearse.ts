import { blockOf } from '../../domain/ledger/blocking.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { openInWords } from '../../domain/ledger/underway-words.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { proofRefusals } from '../../domain/plan/proof-refusals.ts'
import { blockedWords } from '../../domain/plan/refusals.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { type Rehearsed, rehearsals } from '../../domain/release/rehearsal.ts'
import type { Release } from '../../domain/release/release.ts'
import { verificationOf } from '../../domain/release/verification.ts'
import { freezingOf } from '../../domain/schedule/freeze.ts'
import { frozen } from '../../domain/schedule/freeze-words.ts'
import { withCommitBlocks } from '../plan/commit-blocks.ts'
import { comparison } from '../plan/comparison.ts'
import { proofsOf } from '../plan/proof.ts'
import { plainRequest, type RequestPlace } from '../plan/request.ts'
import { type ConfigReader, type Recalled, recall, type Survey, survey } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'

export interface Rehearsing extends RequestPlace {
  /** The tag to go back to; the release that served before for null. */
  readonly to: string | null
}

/** The rehearsed way: from the serving release to another one, and back again. */
export interface RehearsedWay {
  readonly release: Release
  readonly to: Release
}

/** A way that may be gone: the plan of its first half. */
export interface Rehearsable extends RehearsedWay {
  readonly back: Plan
}

type RehearsalPorts = Pick<
  Ports,
  'repository' | 'releases' | 'ledgers' | 'calendar' | 'clock' | 'asks' | 'issues'
>

/** Plans both halves before the first one begins, so that the environment does not stay half way. Changes nothing. */
export async function planRehearsal(
  ports: RehearsalPorts,
  config: ConfigReader,
  asked: Rehearsing,
): Promise<Rehearsable> {
  const recalled = await recall(ports, config, asked)
  const release = mayBegin(recalled, asked)
  const undertaking = { mode: 'rollback', acknowledgeDataLoss: false } as const
  const surveyed = await survey(ports, config, plainRequest(asked, asked.to, undertaking))
  const { planning } = surveyed
  if (planning.kind !== 'planned' || !modes[planning.plan.mode].goesBack) throw noWay(asked, release)
  const back = planning.plan
  const [refusal] = [...back.refusals, ...(await secondHalf(ports, surveyed, { release, to: back.release }))]
  if (refusal !== undefined) throw new Problem(refusal.code, refusal)
  return { release, to: back.release, back }
}

/** Returns the finished rehearsal, which ends with the serving release. */
export async function rehearsalDone(
  ports: Pick<Ports, 'repository' | 'ledgers' | 'clock'>,
  config: ConfigReader,
  asked: Rehearsing,
  tag: string,
): Promise<RehearsedWay & { readonly rehearsed: Rehearsed }> {
  const { ledger } = await recall(ports, config, asked)
  const { environment } = asked
  const release = ledger.serving?.release
  const [rehearsed] = release?.tag === tag ? rehearsals(ledger, release) : []
  const to = ledger.history.find(({ number }) => number === rehearsed?.back)?.release
  if (release === undefined || rehearsed === undefined || to === undefined || !ends(ledger, rehearsed, asked))
    throw new Problem('not-rehearsed', {
      what: `The rollback from ${tag} is not rehearsed in ${environment}, where ${release?.tag ?? 'nothing'} serves now.`,
      why: 'One of the two deployments did not succeed on every instance, or something came in between.',
      next: `Look at the last two deployments of ${environment}; deploy ${tag} there, and rehearse it again.`,
    })
  return { release, to, rehearsed }
}

const ends = ({ serving }: Ledger, { again, to }: Rehearsed, asked: Rehearsing): boolean =>
  again === serving?.deployment && (asked.to === null || to.tag === asked.to)

function mayBegin({ policy, ledger }: Recalled, { environment }: Rehearsing): Release {
  const refuse = (what: string, why: string, next: string) =>
    new Problem('rehearsal-impossible', { what, why, next: `${next} Nothing was changed.` })
  if (policy.class === 'production')
    throw refuse(
      `${environment} is a production environment.`,
      'A rehearsal takes an environment back and forth only to see that it can be done.',
      'Rehearse in a staging environment, and let this one ask for it with rehearsed-in.',
    )
  const { deployment, serving } = ledger
  if (deployment !== null)
    throw refuse(
      openInWords(deployment, environment),
      'One deployment at a time changes an environment.',
      "Wait until it has ended, or end it with Rollgate's form.",
    )
  if (serving === null)
    throw refuse(
      `Nothing serves ${environment} yet.`,
      'A rehearsal begins with the release that serves.',
      'Deploy the release there first.',
    )
  const verification = verificationOf(ledger, serving.release, null)
  if (verification.kind === 'unverified')
    throw refuse(
      `${serving.release.tag} serves ${environment}, but ${verification.why}.`,
      'Only a release that works there can be come back to.',
      'Deploy it there again, or another one.',
    )
  return serving.release
}

/** Returns the problem that would refuse the second half, once the environment has gone back. */
async function secondHalf(
  { repository, ledgers, clock }: Pick<Ports, 'repository' | 'ledgers' | 'clock'>,
  { policy, kept, timetable }: Survey,
  { release, to }: RehearsedWay,
): Promise<ProblemWords[]> {
  const there = kept.ledger.serving
  const ledger = { ...kept.ledger, serving: there && { ...there, release: to } }
  const proofs = await proofsOf(
    { ledgers, clock },
    policy,
    'deploy',
    { release, ledger },
    { verified: null, rehearsed: null },
    null,
  )
  const found = proofRefusals('deploy', { ...proofs, release, policy })
  const block = blockOf(await withCommitBlocks(repository, kept.ledger, [release]), release)
  if (block !== null) found.push(blockedWords(release, block, policy.name))
  const freezing = freezingOf('deploy', timetable)
  const { name: environment, freezeOverride: mayOverride } = policy
  if (freezing !== null)
    found.push(frozen(freezing, { mode: 'deploy', environment, timetable, mayOverride, override: null }))
  const { relation } = await comparison(repository, to.sha, release.sha)
  if (relation === 'behind')
    found.push({
      code: 'rehearsal-impossible',
      what: `${release.tag}, which serves ${environment}, is older than ${to.tag}.`,
      why: 'The way to it again would be a way to an older release.',
      next: `Name a release that is older than ${release.tag}. Nothing was changed.`,
    })
  if (relation === 'unknown')
    found.push({
      code: 'rehearsal-impossible',
      what: `${release.tag}, which serves ${environment}, cannot be compared with ${to.tag}: the repository does not have both commits any more.`,
      why: 'A release whose commit is gone cannot be deployed again.',
      next: `Deploy a release to ${environment} whose commit is there, and rehearse the rollback from that. Nothing was changed.`,
    })
  return found
}

const noWay = ({ environment, to }: Rehearsing, { tag }: Release): Problem =>
  new Problem('rehearsal-impossible', {
    what: `${to ?? 'The release before'} is what serves ${environment} already: ${tag}.`,
    why: 'A rehearsal goes back to another release.',
    next: 'Name one that served there before, or leave it out. Nothing was changed.',
  })
