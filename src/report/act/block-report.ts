import type { ProblemWords } from '../../domain/problem.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { describeRelease } from '../../domain/release/release.ts'
import { logLine } from '../outcome/log-lines.ts'
import { blocks, code, table, text } from '../text/markdown.ts'
import { problemAlert } from '../text/problem-text.ts'

/** The outcome of a block, or of its removal. */
export interface BlockView {
  readonly release: ReleaseId
  readonly reason: string
  readonly by: string
  readonly unblock: boolean
  readonly environments: readonly BlockedThereView[]
  readonly run: string
  readonly now: string
}

interface BlockedThereView {
  readonly environment: string
  readonly outcome: 'blocked' | 'unblocked' | 'unchanged' | 'refused'
  readonly serves: boolean
  readonly problem: ProblemWords | null
}

/** Returns the outcome of all environments together: refused if one of them refused. */
export function blockOutcome({ environments }: BlockView): BlockedThereView['outcome'] {
  const outcomes = environments.map(({ outcome }) => outcome)
  for (const outcome of ['refused', 'blocked', 'unblocked'] as const)
    if (outcomes.includes(outcome)) return outcome
  return 'unchanged'
}

export const blockLines = ({ release, environments, unblock }: BlockView): string[] =>
  environments.map((there) =>
    logLine(`${there.environment}: ${describeRelease(release)} ${inWords(there, unblock)}`),
  )

export const blockSummary = (view: BlockView): string => {
  const { release, environments, unblock, by, reason } = view
  const title = unblock ? 'is no longer blocked' : 'is blocked'
  return `${blocks(
    `## ${unblock ? '' : '⛔ '}${text(release.tag)} ${blockOutcome(view) === 'refused' ? `${title}, but not everywhere` : title}`,
    `${text(by)}: ${text(reason)}`,
    table(
      ['environment', describeRelease({ tag: code(release.tag), sha: release.sha })],
      environments.map((there) => [code(there.environment), inWords(there, unblock)]),
    ),
    ...environments.map(({ problem }) => (problem === null ? null : problemAlert(problem))),
  )}\n`
}

function inWords({ outcome, serves }: BlockedThereView, unblock: boolean): string {
  switch (outcome) {
    case 'blocked':
      return serves ? 'is blocked, and goes on serving: deploy or roll back to another' : 'is blocked'
    case 'unblocked':
      return 'is no longer blocked'
    case 'unchanged':
      return unblock ? 'was not blocked' : 'was blocked already, for the same reason'
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
  release: { tag: view.release.tag, sha: view.release.sha },
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
