import { riskOf } from '../../domain/plan/fitness.ts'
import type { Flag, ReleaseState } from '../../domain/release/release-state.ts'
import type { ListedView } from './view.ts'

/** `Deployed`, or partial if only some instances serve it; these words are shared by the page and the log. */

/** `Deployed`, or partial if only some instances serve it. */
export function stateInWords({ state, flags }: ListedView): string {
  const partial = flags.some(({ kind }) => kind === 'partial')
  return partial && state !== 'deployed' ? `${stateNames[state]}, partial` : stateNames[state]
}

const stateNames: Readonly<Record<ReleaseState, string>> = {
  ready: 'Ready',
  deployed: 'Deployed',
  superseded: 'Superseded',
}

export function flagInWords(flag: Flag): string {
  switch (flag.kind) {
    case 'rolled-back':
      return `rolled back in ${flag.environment}, by deployment ${flag.deployment}`
    case 'abandoned':
      return `abandoned in ${flag.environment}, in deployment ${flag.deployment}`
    case 'partial':
      return `partial in ${flag.environment}: deployment ${flag.deployment} is under way`
    case 'blocked':
      return `blocked in ${flag.environment} by ${flag.by}: ${flag.reason}`
  }
}

const tagWords = { there: '', moved: 'its tag means another commit by now', gone: 'its tag is gone' } as const

/** Returns everything about it besides its state, a fact an item. */
export function remarksOn({ flags, rehearsed, tag, fitness }: ListedView): string[] {
  // The flags already say that it is blocked there.
  const risk = fitness === null || fitness.kind === 'blocked' ? '' : riskOf(fitness)
  const ways = rehearsed.map(
    ({ environment, to }) => `the rollback to ${to.tag} is rehearsed in ${environment}`,
  )
  return [...flags.map(flagInWords), ...ways, tagWords[tag], risk].filter((words) => words !== '')
}
