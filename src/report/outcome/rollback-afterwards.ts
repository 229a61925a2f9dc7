import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import {
  checksIn,
  configIn,
  describeFeasibility,
  type Feasibility,
  feasibility,
  isUnsafe,
} from '../../domain/release/feasibility.ts'
import { sameCommit } from '../../domain/release/release.ts'
import { type Field, formBlock } from '../form/form-block.ts'
import { modeWords } from '../plan/mode-words.ts'
import { blocks, code, text } from '../text/markdown.ts'
import type { View } from './view.ts'

/**
 * Returns the verdict on a rollback after a success, with the values for the form; null where the deployment
 * changed nothing, or another release serves by now.
 */
export function rollbackAfterwards({ plan, ledger, form }: View): string | null {
  const { mode, environment, release, wayBack } = plan
  if (!modes[mode].changesEnvironment || !sameCommit(release, ledger.serving?.release ?? null)) return null
  const ownWords = modeWords[mode].wayBack
  if (ownWords !== null) return headed(ownWords(plan))
  if (wayBack === null) return headed(modeWords[mode].nothingBack(text(release.tag)))
  const target = wayBack.release
  const { feasibility: planned } = wayBack
  const verdict = feasibility(target, release, ledger, configIn(planned), checksIn(planned))
  const words = `Going back from here to **${text(target.tag)}** in ${code(environment.name)}: ${text(describeFeasibility(verdict))}.`
  return headed(
    words,
    form?.kind === 'whole' && mayGoBack(verdict)
      ? formBlock(form, rollbackFields(plan, target.tag, verdict))
      : null,
  )
}

const headed = (...parts: (string | null)[]): string => blocks('### Rollback', ...parts)

/** A rollback with any of the other verdicts is refused. */
const mayGoBack = (verdict: Feasibility): boolean =>
  verdict.kind === 'safe' || verdict.kind === 'config-differs' || isUnsafe(verdict)

function rollbackFields({ environment }: Plan, tag: string, verdict: Feasibility): Field[] {
  const typed = [
    ['do', 'roll-back'],
    ['environment', environment.name],
    ['release', tag],
    ...(isUnsafe(verdict) ? [['acknowledge', 'data-loss'] as const] : []),
  ] as const
  return typed.map(([name, value]) => ({ kind: 'value', name, value }))
}
