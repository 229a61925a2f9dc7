import type { EngineStanding } from '../../domain/engine/engine-standing.ts'
import { imagesInWords, wants } from '../../domain/engine/images.ts'
import { phaseWords } from '../../domain/engine/verdict-words.ts'
import type { Standing } from '../../domain/journal/standing.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { handOverSteps } from '../../domain/step/steps-in.ts'
import { code, table, text } from '../text/markdown.ts'
import type { View } from './view.ts'

/** Shows each service on an engine as the last look of the deployment found it; null where none was looked at. */
export function engineTable({ plan }: Pick<View, 'plan'>, now: Standing): string | null {
  const looked = handOverSteps(plan.steps).flatMap((step) => {
    const standing = now.engines.get(step.id)
    return standing === undefined || standing.seen === null ? [] : [rowOf(step, standing, now)]
  })
  return looked.length === 0
    ? null
    : table(['', 'service', 'is to run', 'rollout', 'replicas', 'state', 'changed last by'], looked)
}

function rowOf(
  { id, service }: HandOverStep,
  { seen, before, handed }: EngineStanding,
  now: Standing,
): string[] {
  if (seen === null) return []
  const { wanted, updated, ready, old } = seen.replicas
  const ours = handed === null || wants(seen.wanted, handed.images)
  const done = now.steps.get(id)?.state === 'succeeded' && now.direction.to === 'new'
  return [
    done ? '✅' : seen.phase === 'settled' && ours ? '➖' : '⚠️',
    code(service.name),
    `${code(imagesInWords(seen.wanted))}${ours ? '' : `<br>handed over: ${code(imagesInWords(handed.images))}`}`,
    `${code(seen.rollout)}${before === null || before.rollout === seen.rollout ? '' : `, before: ${code(before.rollout)}`}`,
    `${ready} of ${wanted} ready, ${updated} updated, ${old} older`,
    seen.phase === 'settled' ? phaseWords.settled : `**${phaseWords[seen.phase]}**`,
    seen.changedBy.kind === 'found' ? text(seen.changedBy.value) : 'not told',
  ]
}
