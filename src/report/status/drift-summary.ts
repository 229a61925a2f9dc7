import { describeUnderway } from '../../domain/ledger/underway-words.ts'
import { describeRelease } from '../../domain/release/release.ts'
import { type Field, formBlock } from '../form/form-block.ts'
import { logLine } from '../outcome/log-lines.ts'
import { alert, blocks, code, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import type { DriftView } from './drift-view.ts'
import { engineInWords, enginesIn, isEngineWrong } from './engines.ts'
import { deviationInWords, seenInstances, sightingInWords } from './instances.ts'
import { isWrong, recordSentences } from './view.ts'

const mostNamed = 20

/** Returns the page of a comparison: the drift, then every instance. */
export function driftSummary(view: DriftView): string {
  const { environment, app, services, drift, now } = view
  const records = recordSentences(view.records)
  const mark = { none: '✅', found: '⚠️', unjudged: '➖' }[drift.kind]
  return onePage([
    { text: `## ${mark} ${text(environment.name)}: ${headline(view)}` },
    { text: `${code(app)} · ${environment.class} · compared at ${moment(now)}` },
    { text: drift.kind === 'found' ? alert('WARNING', ...driftedWords(view).map(text)) : '' },
    { text: drift.kind === 'unjudged' ? text(sentence(view)) : '' },
    { text: records.length === 0 ? '' : alert('WARNING', ...records.map(text)) },
    { text: services.length === 0 ? '' : blocks('### Instances', seenInstances(services)) },
    { text: drift.kind === 'found' ? blocks('### Next', next(view)) : '' },
  ])
}

function headline({ drift, ledger }: DriftView): string {
  switch (drift.kind) {
    case 'none':
      return `no drift from ${text(ledger.serving?.release.tag ?? '')}`
    case 'found':
      return `drift from ${text(ledger.serving?.release.tag ?? '')}`
    case 'unjudged':
      return drift.because === 'nothing-serves' ? 'nothing serves' : 'a deployment is under way'
  }
}

function next({ environment, ledger, form }: DriftView): string {
  const tag = text(ledger.serving?.release.tag ?? '')
  const look = `Look at what changed the instances. To bring ${code(environment.name)} back to ${tag},`
  return form?.kind === 'whole'
    ? blocks(
        `${look} reconcile it: only what differs is changed.`,
        formBlock(form, reconciling(environment.name)),
      )
    : `${look} run this again with \`converge: true\`, or deploy ${tag} with \`redeploy: true\`: only what differs is changed.`
}

const reconciling = (environment: string): Field[] => [
  { kind: 'value', name: 'do', value: 'reconcile' },
  { kind: 'value', name: 'environment', value: environment },
]

/** Returns one sentence for each drift, as plain words. */
export function driftedWords({ drift, services, ledger }: DriftView): string[] {
  if (drift.kind !== 'found') return []
  const differing = services.flatMap(({ name, instances }) =>
    instances.filter(isWrong).map((instance) => `${name}/${instance.name} ${deviationInWords(instance)}.`),
  )
  const engines = enginesIn(services)
    .filter(({ engine }) => isEngineWrong(engine))
    .map(({ name, engine }) => `${name} ${engineInWords(engine)}.`)
  const more = differing.length - mostNamed
  const wanted =
    drift.desired === null || ledger.serving === null
      ? []
      : [
          `The ledger wants ${describeRelease(drift.desired)}, but ${describeRelease(ledger.serving.release)} is recorded as serving and no deployment is under way.`,
        ]
  return [
    ...wanted,
    ...engines,
    ...differing.slice(0, mostNamed),
    ...(more > 0 ? [`And ${more} more instances.`] : []),
  ]
}

/** Returns the one line of a comparison without drift, or the first of one with drift. */
export const driftLine = (view: DriftView): string => logLine(`${view.environment.name}: ${sentence(view)}`)

function sentence({ drift, ledger, services }: DriftView): string {
  const { serving, deployment } = ledger
  const instances = sightingInWords({ kind: 'seen', services })
  switch (drift.kind) {
    case 'none':
      return `no drift from ${serving === null ? 'nothing' : describeRelease(serving.release)}; instances: ${instances}`
    case 'found':
      return `drift from ${serving === null ? 'nothing' : describeRelease(serving.release)}; instances: ${instances}`
    case 'unjudged':
      return drift.because === 'nothing-serves' || deployment === null
        ? 'nothing serves yet, so there is nothing to compare with'
        : `${describeUnderway(deployment)} is under way, so instances may differ by right; instances: ${instances}`
  }
}
