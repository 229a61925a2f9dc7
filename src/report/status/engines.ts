import type { EngineSeen } from '../../domain/engine/engine-seen.ts'
import type { EngineDeviation, EngineJudged } from '../../domain/engine/engine-sight.ts'
import { imagesInWords, wants } from '../../domain/engine/images.ts'
import { phaseWords } from '../../domain/engine/verdict-words.ts'
import type { ServiceJudged } from '../../domain/rolling/drift.ts'
import { code, shorten, table, text } from '../text/markdown.ts'

const longestReason = 200

interface EngineRow {
  readonly name: string
  readonly engine: EngineJudged
}

/** Returns the services of a look that live on engines. */
export const enginesIn = (services: readonly ServiceJudged[]): EngineRow[] =>
  services.flatMap(({ name, engine }) => (engine === undefined ? [] : [{ name, engine }]))

export const isEngineWrong = ({ deviations }: EngineJudged): boolean => deviations.length > 0

/** An engine that answered, and nothing differs. */
export const isEngineRight = (engine: EngineJudged): boolean =>
  engine.seen.kind === 'found' && !isEngineWrong(engine)

/** Shows every service on an engine with its digests and replicas, differing ones first; null without one. */
export function seenEngines(services: readonly ServiceJudged[]): string | null {
  const engines = enginesIn(services)
  if (engines.length === 0) return null
  const wrong = engines.filter(({ engine }) => isEngineWrong(engine))
  const others = engines.filter(({ engine }) => !isEngineWrong(engine))
  return table(
    ['', 'service on an engine', 'is to run', 'replicas', 'state', 'changed last by'],
    [...wrong, ...others].map(({ name, engine }) => [
      isEngineWrong(engine) ? '⚠️' : isEngineRight(engine) ? '✅' : '❓',
      code(name),
      imagesCell(engine),
      ...(engine.seen.kind === 'found' ? numbersOf(engine.seen.value) : ['', reasonOf(engine), '']),
    ]),
  )
}

function imagesCell({ seen, desired }: EngineJudged): string {
  if (seen.kind !== 'found') return '**?**'
  const { wanted } = seen.value
  const runs = code(imagesInWords(wanted))
  if (desired === null) return `${runs}<br>the ledger remembers none`
  return wants(wanted, desired) ? runs : `**${runs}**<br>the ledger has ${code(imagesInWords(desired))}`
}

const numbersOf = ({ replicas: { wanted, updated, ready, old }, phase, changedBy }: EngineSeen): string[] => [
  `${ready} of ${wanted} ready${updated === wanted ? '' : `, ${updated} updated`}${old === 0 ? '' : `, ${old} older`}`,
  phase === 'settled' ? phaseWords.settled : `**${phaseWords[phase]}**`,
  changedBy.kind === 'found' ? text(changedBy.value) : 'not told',
]

const reasonOf = ({ seen }: EngineJudged): string => text(shorten(seen.why ?? '', longestReason))

/** Describes the differences of a service on an engine, as plain words on one line. */
export const engineInWords = (engine: EngineJudged): string =>
  engine.deviations.map((deviation) => differenceOf(deviation, engine)).join('; ')

function differenceOf(deviation: EngineDeviation, { seen, desired }: EngineJudged): string {
  const now = seen.kind === 'found' ? seen.value : null
  const by = now?.changedBy.kind === 'found' ? `, changed by ${now.changedBy.value}` : ''
  switch (deviation) {
    case 'absent':
      return 'is not there: the engine has no such service'
    case 'unanswered':
      return `does not answer: ${seen.why ?? ''}`
    case 'other-images':
      return `is to run ${imagesInWords(now?.wanted ?? {})} in place of ${imagesInWords(desired ?? {})}${by}`
    case 'rolling':
      return `is in a rollout that no deployment began${by}`
    case 'paused':
      return `is paused${by}`
    case 'failed':
      return `stands in a rollout that the engine gave up${by}`
    case 'scaled-to-zero':
      return `has no replica${by}`
    case 'not-ready':
      return `has ${now?.replicas.ready ?? 0} of ${now?.replicas.wanted ?? 0} replicas ready`
  }
}

/** `api sha256:…, 3 of 3 replicas ready` */
export function engineLine(engine: EngineJudged): string {
  if (isEngineWrong(engine)) return engineInWords(engine)
  if (engine.seen.kind !== 'found') return `state not known (${engine.seen.why})`
  const { wanted, replicas } = engine.seen.value
  return `${imagesInWords(wanted)}, ${replicas.ready} of ${replicas.wanted} replicas ready`
}
