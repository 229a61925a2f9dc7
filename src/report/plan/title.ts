import { type Plan, titleOf } from '../../domain/plan/plan.ts'
import { text } from '../text/markdown.ts'

/** `Deploy v1.3.0 to production`, as Markdown; with the base version that it brings. */
export const deploymentTitle = (plan: Plan): string => `${titleOf(plan, text)}${base(plan)}`

const base = ({ baseChange }: Plan): string =>
  baseChange === null ? '' : `, and base version ${text(baseChange.to ?? 'none')} with it`
