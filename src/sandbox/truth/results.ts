import type { EndedProcess } from '../runner/runner.ts'
import { contradictions, type SeenInstance } from './instances.ts'
import type { WrittenLedger, WrittenOutcome, WrittenPast, WrittenRelease } from './ledgers.ts'

/** The parts of the output `result` that speak of the world. */
interface WrittenResult {
  readonly outcome: string
  readonly environment: { readonly name: string }
  readonly deployment: { readonly number: number }
  readonly release: WrittenRelease
  readonly instances: readonly {
    readonly name: string
    readonly state: string
    readonly version: string | null
  }[]
}

/** Returns the contradictions between results and the ledger, and between the instances and the last result. */
export function ofResults(
  ledger: WrittenLedger,
  told: readonly EndedProcess[],
  seen: readonly SeenInstance[],
): string[] {
  const { environment, history } = ledger
  const results = told.flatMap(resultIn).filter(({ result }) => result.environment.name === environment)
  const ended = results.flatMap(({ result, summary }) => {
    const past = history.find(
      (one) => one.number === result.deployment.number && one.release.tag === result.release.tag,
    )
    return past === undefined || !isEnd(result.outcome) ? [] : ofEnd(environment, past, result, summary)
  })
  const last = results.at(-1)?.result
  const rows = last === undefined || !isLatest(ledger, last) ? [] : last.instances
  return [
    ...ended,
    ...rows.flatMap(({ name, state, version }) =>
      ofRow(
        environment,
        seen.find((one) => one.name === name),
        state,
        version,
      ),
    ),
  ]
}

/** True unless the deployment has continued since the result, without a result of its own. */
const isLatest = (
  { deployment, history }: WrittenLedger,
  { outcome, deployment: { number } }: WrittenResult,
): boolean =>
  isEnd(outcome) ? deployment === null && history[0]?.number === number : deployment?.number === number

/** The result of a deployment; other commands tell another one. */
function resultIn({ outputs, summary }: EndedProcess): { result: WrittenResult; summary: string }[] {
  const result = outputs.result === undefined || outputs.result === '' ? {} : JSON.parse(outputs.result)
  return result.deployment?.number === undefined || result.instances === undefined
    ? []
    : [{ result, summary }]
}

const isEnd = (outcome: string): boolean =>
  !['waiting', 'interrupted', 'running', 'looked', 'planned'].includes(outcome)

function ofEnd(
  environment: string,
  { number, outcome, release }: WrittenPast,
  result: WrittenResult,
  summary: string,
): string[] {
  const word = wordOf(outcome)
  return [
    ...(result.outcome === word
      ? []
      : [`${environment}: a result says ${result.outcome} of deployment ${number}, the ledger ${word}`]),
    ...(summary.includes(release.tag)
      ? []
      : [`${environment}: the page of deployment ${number} does not name ${release.tag}`]),
  ]
}

function wordOf({
  kind,
  forced = [],
  excluded = [],
  failed = [],
  afterwards = null,
}: WrittenOutcome): string {
  if (kind !== 'succeeded') return kind
  if (afterwards !== null) return 'succeeded-post-deploy-failed'
  return forced.length + excluded.length + failed.length === 0 ? 'succeeded' : 'converged'
}

function ofRow(
  environment: string,
  instance: SeenInstance | undefined,
  state: string,
  version: string | null,
): string[] {
  if (instance === undefined) return []
  const because = `the last page has ${instance.name} as ${state}`
  if (state === 'done' || state === 'left-alone')
    return contradictions(environment, instance, { because, serves: version, inTraffic: true })
  return state === 'failed' || state === 'forced'
    ? contradictions(environment, instance, { because, serves: null, inTraffic: false })
    : []
}
