import { type Feasibility, feasibility } from './feasibility.ts'
import { lineage } from './history.ts'
import type { Outcome } from './outcome.ts'
import { type Plan, sealPlan } from './plan.ts'
import { refusals } from './refusals.ts'
import { describeRelease, type Mode, type Release } from './release.ts'
import { chooseSteps } from './standard-order.ts'
import type { Step } from './step.ts'
import { warnings } from './warnings.ts'
import type { Wish } from './wish.ts'

export type { Wish } from './wish.ts'

export type Planning =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'already-deployed'; readonly release: Release }

/** The whole deployment as a value. Pure: the same wish gives the same plan, with the same digest. */
export function planning(wish: Wish): Planning {
  const { ledger, policy, release } = wish
  const begun = begunAlready(wish)
  if (begun !== null) return { kind: 'planned', plan: begun }
  const mode = modeOf(wish)
  if (mode === 'redeploy' && !wish.redeploy) return { kind: 'already-deployed', release }
  const from = ledger.serving?.release ?? null
  const { steps, omitted } = chooseSteps(mode, wish)
  const plan = sealPlan({
    schema: 1,
    app: ledger.app,
    environment: {
      name: policy.name,
      class: policy.class,
      url: policy.url,
      unanswered: policy.unanswered,
    },
    mode,
    release,
    ...(wish.snapshot === undefined ? {} : { snapshot: wish.snapshot }),
    from,
    relation: wish.relation,
    commits: wish.commits,
    steps,
    omitted,
    warnings: warnings(mode, wish),
    refusals: refusals(mode, wish),
    wayBack: wayBack(mode, steps, wish),
  })
  return { kind: 'planned', plan }
}

/** A deployment that was begun and has not ended goes on as it was planned, although its release may serve by now. */
function begunAlready({ ledger, release, wanted, redeploy }: Wish): Plan | null {
  const plan = ledger.deployment?.plan ?? null
  if (plan === null || plan.release.sha !== release.sha || plan.release.tag !== release.tag) return null
  return plan.mode === wanted || (plan.mode === 'redeploy' && redeploy) ? plan : null
}

function modeOf({ wanted, release, ledger }: Wish): Mode {
  if (release.sha === ledger.serving?.release.sha) return 'redeploy'
  return wanted
}

/** Where a rollback would go once this release serves, and whether it could. */
function wayBack(mode: Mode, steps: readonly Step[], { release, ledger }: Wish): Plan['wayBack'] {
  const target = mode === 'deploy' ? ledger.serving?.release : nextFurtherBack(mode, release, ledger)
  if (target === undefined) return null
  return { release: target, feasibility: verdictAfter(target, release, steps, ledger) }
}

function nextFurtherBack(mode: Mode, release: Release, { history }: Wish['ledger']): Release | undefined {
  const outcome: Outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null }
  return lineage([{ mode, release, outcome }, ...history])[1]
}

function verdictAfter(
  target: Release,
  release: Release,
  steps: readonly Step[],
  ledger: Wish['ledger'],
): Feasibility {
  const contracts = steps.some((step) => step.kind === 'migrate' && step.phase === 'contract')
  const sameSchema = target.schemaVersion !== null && target.schemaVersion === release.schemaVersion
  if (contracts && !sameSchema) return { kind: 'crosses-contract', since: 'this deployment', deployments: [] }
  return feasibility(target, release, ledger.history)
}

/** `deploy v1.2.0 (1a2b3c4) to production` */
export const describePlan = (plan: Pick<Plan, 'mode' | 'release' | 'environment'>): string => {
  const release = describeRelease(plan.release)
  switch (plan.mode) {
    case 'deploy':
      return `deploy ${release} to ${plan.environment.name}`
    case 'rollback':
      return `roll ${plan.environment.name} back to ${release}`
    case 'redeploy':
      return `redeploy ${release} to ${plan.environment.name}`
  }
}
