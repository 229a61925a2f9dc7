import type { SandboxGitHub } from '../github/github.ts'
import type { WrittenLedger, WrittenPast } from './ledgers.ts'

/** Returns the contradictions between GitHub's records and the ledger. */
export function ofRecords(
  { environment, history, deployment, serving }: WrittenLedger,
  { deployments }: SandboxGitHub,
): string[] {
  const stateOf = (record: number) => deployments.find(({ id }) => id === record)?.statuses.at(-1)?.state
  const wrong = (record: number, should: readonly string[], because: string): string[] => {
    const state = stateOf(record)
    return state !== undefined && should.includes(state)
      ? []
      : [
          `${environment}: record ${record} says ${state ?? 'nothing'} and not ${should.join(' or ')}: ${because}`,
        ]
  }
  return [
    ...history.flatMap((past) =>
      past.record === null
        ? []
        : wrong(
            past.record,
            statesFor(past, serving, deployment),
            `deployment ${past.number} ended as ${past.outcome.kind}`,
          ),
    ),
    ...(deployment === null || deployment.record === null
      ? []
      : wrong(
          deployment.record,
          ['in_progress', 'pending', 'error'],
          `deployment ${deployment.number} is under way`,
        )),
  ]
}

function statesFor(
  { outcome, record }: WrittenPast,
  serving: WrittenLedger['serving'],
  deployment: WrittenLedger['deployment'],
): string[] {
  if (outcome.kind !== 'succeeded') return ['failure', 'error']
  if (record === serving?.record) return ['success']
  // The older record is ended together with the deployment that follows it.
  return deployment !== null && deployment.record === serving?.record ? ['success', 'inactive'] : ['inactive']
}
