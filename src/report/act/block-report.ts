import { describeCommits } from '../../domain/ledger/blocking.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { describeRelease } from '../../domain/release/release.ts'
import { logLine } from '../outcome/log-lines.ts'
import { blocks, code, table, text } from '../text/markdown.ts'
import { problemAlert } from '../text/problem-text.ts'

/** The outcome of a block, or of its removal. */
export interface BlockView {
  readonly thing: BlockedView
  readonly reason: string
  readonly by: string
  readonly unblock: boolean
  readonly environments: readonly BlockedThereView[]
  readonly run: string
  readonly now: string
}

type BlockedView =
  | ({ readonly kind: 'release' } & ReleaseId)
  | { readonly kind: 'commit'; readonly commit: string; readonly fixedBy: string | null }

interface BlockedThereView {
  readonly environment: string
  readonly outcome: 'blocked' | 'unblocked' | 'unchanged' | 'asked' | 'refused'
  readonly serves: boolean
  readonly problem: ProblemWords | null
}

/** Returns the outcome of all environments together: refused if one of them refused. */
export function blockOutcome({ environments }: BlockView): BlockedThereView['outcome'] {
  const outcomes = environments.map(({ outcome }) => outcome)
  for (const outcome of ['refused', 'asked', 'blocked', 'unblocked'] as const)
    if (outcomes.includes(outcome)) return outcome
  return 'unchanged'
}

export const blockLines = ({ thing, environments, unblock }: BlockView): string[] =>
  environments.map((there) =>
    logLine(`${there.environment}: ${inFull(thing, (name) => name)} ${inWords(there, unblock)}`),
  )

export const blockSummary = (view: BlockView): string => {
  const { thing, environments, unblock, by, reason } = view
  const title = unblock ? 'is no longer blocked' : 'is blocked'
  return `${blocks(
    `## ${unblock ? '' : '⛔ '}${text(nameOf(thing))} ${blockOutcome(view) === 'refused' ? `${title}, but not everywhere` : title}`,
    `${text(by)}: ${text(reason)}`,
    table(
      ['environment', inFull(thing, code)],
      environments.map((there) => [code(there.environment), inWords(there, unblock)]),
    ),
    ...environments.map(({ problem }) => (problem === null ? null : problemAlert(problem))),
  )}\n`
}

const nameOf = (thing: BlockedView): string =>
  thing.kind === 'release' ? thing.tag : `Commit ${describeCommits(thing)}`

const inFull = (thing: BlockedView, shown: (name: string) => string): string =>
  thing.kind === 'release'
    ? describeRelease({ tag: shown(thing.tag), sha: thing.sha })
    : `every release with ${describeCommits(thing)}`

function inWords({ outcome, serves }: BlockedThereView, unblock: boolean): string {
  switch (outcome) {
    case 'blocked':
      return serves ? 'is blocked, and goes on serving: deploy or roll back to another' : 'is blocked'
    case 'unblocked':
      return 'is no longer blocked'
    case 'unchanged':
      return unblock ? 'was not blocked' : 'was blocked already, for the same reason'
    case 'asked':
      return `is asked for: the run at work there writes ${unblock ? 'its removal' : 'it'} down as soon as it lets go`
    case 'refused':
      return unblock ? 'could not be unblocked' : 'could not be blocked'
  }
}

/** The `result` output of `block`, described in docs/releases-list.md. */
export const blockResult = (view: BlockView) => ({
  schema: 1,
  command: 'block',
  outcome: blockOutcome(view),
  at: view.now,
  ...(view.thing.kind === 'release'
    ? { release: { tag: view.thing.tag, sha: view.thing.sha } }
    : { commit: view.thing.commit, 'fixed-by': view.thing.fixedBy }),
  reason: view.reason,
  by: view.by,
  environments: view.environments.map(({ environment, outcome, serves, problem }) => ({
    name: environment,
    outcome,
    serves,
    'reason-code': problem?.code ?? null,
  })),
  run: view.run,
})
