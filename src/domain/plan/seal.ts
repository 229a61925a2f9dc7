import { createHash } from 'node:crypto'
import { canonical } from '../canonical.ts'
import type { ProblemWords } from '../problem.ts'
import type { Plan } from './plan.ts'
import { writtenPlan } from './written/plan.ts'

/** Returns the plan with its digest, which is that of the written plan: a plan of an earlier version keeps its own. */
export const sealPlan = (plan: Omit<Plan, 'digest'>): Plan => ({
  ...plan,
  digest: createHash('sha256')
    .update(canonical(writtenPlan(plan)))
    .digest('hex'),
})

/** Returns the plan with one more reason for which it may not be executed, before the others. */
export const refusing = ({ digest: _, ...plan }: Plan, words: ProblemWords): Plan =>
  sealPlan({ ...plan, refusals: [words, ...plan.refusals] })
