import { plannedBatches, rolloutLimits } from './batches.ts'
import type { EnvironmentPolicy, Recipe, Service } from './config.ts'
import { describeFeasibility, type Feasibility, feasibility } from './feasibility.ts'
import { lineage } from './history.ts'
import type { Ledger } from './ledger.ts'
import { type Plan, sealPlan } from './plan.ts'
import type { ProblemWords } from './problem.ts'
import { describeRelease, type Mode, type Relation, type Release } from './release.ts'
import { type HookKind, type Step, type StepKind, traits } from './step.ts'

/** Everything that a plan is made from. Nothing else is looked at. */
export interface Wish {
  readonly wanted: 'deploy' | 'rollback'
  readonly release: Release
  /** How the release stands to what serves, and how many commits lie between. */
  readonly relation: Relation
  readonly commits: number
  readonly recipe: Recipe
  readonly policy: EnvironmentPolicy
  readonly ledger: Ledger
  /** Deploy again what serves already. */
  readonly redeploy: boolean
  /** Said by whoever knows what it means. */
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
}

export type Planning =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'already-deployed'; readonly release: Release }

/** The whole deployment as a value. Pure: the same wish gives the same plan, with the same digest. */
export function planning(wish: Wish): Planning {
  const { ledger, policy, recipe, release } = wish
  const mode = modeOf(wish)
  if (mode === 'redeploy' && !wish.redeploy) return { kind: 'already-deployed', release }
  const from = ledger.serving?.release ?? null
  const { steps, omitted } = chooseSteps(mode, wish)
  const plan = sealPlan({
    schema: 1,
    app: ledger.app,
    environment: { name: policy.name, class: policy.class, url: policy.url },
    mode,
    release,
    from,
    relation: wish.relation,
    commits: wish.commits,
    steps,
    omitted,
    warnings: warnings(mode, wish),
    refusals: refusals(mode, wish),
    wayBack: wayBack(release, from, steps, ledger, recipe),
  })
  return { kind: 'planned', plan }
}

function modeOf({ wanted, release, ledger }: Wish): Mode {
  if (release.sha === ledger.serving?.release.sha) return 'redeploy'
  return wanted
}

/** The standard order. A step that the config lacks is not in the plan. */
function chooseSteps(mode: Mode, wish: Wish): Pick<Plan, 'steps' | 'omitted'> {
  const omitted: { kind: StepKind; reason: string }[] = []
  const steps = standardOrder(wish).filter((step) => {
    const reason = whyOmitted(mode, step, wish)
    if (reason !== null) omitted.push({ kind: step.kind, reason })
    return reason === null
  })
  return { steps, omitted }
}

function standardOrder({ recipe, policy, ledger }: Wish): Step[] {
  const { steps } = recipe
  const { scheduler, migrate } = steps
  const hook = (kind: HookStep['kind'], command: HookStep['command'] | null): HookStep[] =>
    command === null ? [] : [{ kind, id: kind, command }]
  const resume: Step[] =
    scheduler === null
      ? []
      : [{ kind: 'resume-scheduler', id: 'resume-scheduler', command: scheduler.resume }]
  const early = scheduler?.resumeAfter === 'migrate'
  return [
    { kind: 'source', id: 'source' },
    ...(policy.approval.kind === 'none'
      ? []
      : [{ kind: 'approve', id: 'approve', rule: policy.approval } satisfies Step]),
    ...(steps.build === null ? [] : [{ kind: 'build', id: 'build', ...steps.build } satisfies Step]),
    ...hook('configure-broker', steps.configureBroker),
    ...hook('pre-deploy', ledger.serving === null ? steps.preDeploy : ledger.serving.preDeploy),
    ...(scheduler === null
      ? []
      : [{ kind: 'suspend-scheduler', id: 'suspend-scheduler', scheduler } satisfies Step]),
    ...hook('pre-configure', steps.preConfigure),
    ...(scheduler?.deploy == null
      ? []
      : [{ kind: 'deploy-scheduler', id: 'deploy-scheduler', command: scheduler.deploy } satisfies Step]),
    ...(migrate === null ? [] : [{ kind: 'migrate', id: 'migrate', ...migrate } satisfies Step]),
    ...(early ? resume : []),
    ...recipe.services.map(rollOf),
    ...(early ? [] : resume),
    { kind: 'record-version', id: 'record-version' },
    ...hook('post-configure', steps.postConfigure),
    ...hook('post-deploy', steps.postDeploy),
  ]
}

type HookStep = Extract<Step, { kind: HookKind }>

function rollOf(service: Service): Step {
  const names = service.fleet.instances.map(({ name }) => name)
  const limits = rolloutLimits(service.rollout, names.length)
  return {
    kind: 'roll-services',
    id: `roll-services/${service.name}`,
    service,
    ...limits,
    batches: plannedBatches(names, limits),
  }
}

/** Why a step that the config has is not in this plan, or null when it is. */
function whyOmitted(mode: Mode, step: Step, { ledger }: Wish): string | null {
  switch (mode) {
    case 'deploy':
      return step.kind === 'pre-deploy' && ledger.serving === null
        ? 'nothing serves yet, and the hook runs as the serving release defines it'
        : null
    case 'rollback':
      if (step.kind === 'build') return 'a rollback deploys what was built then'
      return step.kind === 'migrate' ? 'a rollback never migrates' : null
    case 'redeploy':
      return redeployed.has(step.kind) ? null : 'this release went through it here already'
  }
}

/** A redeployment only converges the instances. */
const redeployed: ReadonlySet<StepKind> = new Set(['source', 'approve', 'roll-services', 'record-version'])

function warnings(mode: Mode, wish: Wish): string[] {
  const { release, relation, recipe, policy, ledger, acknowledged } = wish
  const found: string[] = []
  if (mode === 'deploy' && relation === 'behind')
    found.push(
      `${release.tag} is older than what serves. Deploying an older release is not recommended: data that the newer one wrote may not suit it.`,
    )
  if (relation === 'diverged')
    found.push(`${release.tag} and what serves have diverged: each has commits that the other lacks.`)
  if (policy.class === 'production' && policy.approval.kind === 'none')
    found.push('Nobody approves deployments to this production environment: its config says so.')
  if (mode === 'rollback' && acknowledged.dataLoss)
    found.push(
      'This rollback crosses a contract migration, and somebody acknowledged that: restore the data first.',
    )
  if (mode === 'rollback')
    found.push(
      'Going back takes back the configuration and the code, not the data that was written meanwhile.',
    )
  if (ledger.scheduler !== null)
    found.push(
      `The scheduler has been suspended since ${ledger.scheduler.since} by deployment ${ledger.scheduler.deployment}.`,
    )
  const hook = recipe.steps.preDeploy?.run
  if (mode === 'deploy' && ledger.serving !== null && hook !== ledger.serving.preDeploy?.run)
    found.push(
      'The pre-deploy hook of this release differs from the serving one: it takes effect from the next deployment.',
    )
  for (const service of recipe.services) found.push(...serviceWarnings(service))
  return found
}

function serviceWarnings({ name, version, healthCheck, selfTest, fleet, rollout }: Service): string[] {
  const found: string[] = []
  if (version === null)
    found.push(
      `${name} has no version probe: what an instance really runs cannot be seen, only what was done.`,
    )
  if (healthCheck === null && selfTest === null)
    found.push(
      `${name} has neither a health check nor a self test: a bad release would be rolled over every instance.`,
    )
  if (fleet.instances.length === 1 && rollout.acceptDowntime)
    found.push(`${name} has one instance: it is down while it is changed.`)
  return found
}

/** Why a plan may not be executed; each is a problem in words. */
function refusals(mode: Mode, wish: Wish): ProblemWords[] {
  return [
    ...olderRefusal(mode, wish),
    ...baseRefusal(wish),
    ...wayBackRefusal(mode, wish),
    ...capacityRefusals(wish),
  ]
}

function olderRefusal(mode: Mode, { relation, policy, acknowledged, release, ledger }: Wish): ProblemWords[] {
  if (mode !== 'deploy' || relation !== 'behind') return []
  if (policy.class === 'sandbox' || acknowledged.older) return []
  return [
    {
      code: 'release-older',
      what: `${release.tag} is older than ${ledger.serving?.release.tag ?? 'what serves'}, which serves ${policy.name}.`,
      why: 'An older release on newer data can conflict with it and cause downtime; a run that was started long ago, or run again, asks for this by accident.',
      next: `To go back on purpose use rollback; to deploy it all the same set acknowledge-older: true.`,
    },
  ]
}

function baseRefusal({ release, ledger, policy }: Wish): ProblemWords[] {
  const current = ledger.serving?.release.baseVersion ?? null
  if (current === null || release.baseVersion === current) return []
  return [
    {
      code: 'base-differs',
      what: `${release.tag} was made for base version ${release.baseVersion ?? 'none'}, ${policy.name} is on ${current}.`,
      why: 'A release works on the base that it was made for only.',
      next: `Choose a release that was made for ${current}.`,
    },
  ]
}

function wayBackRefusal(mode: Mode, { release, ledger, acknowledged, policy }: Wish): ProblemWords[] {
  const current = ledger.serving?.release
  if (mode !== 'rollback' || current === undefined) return []
  const verdict = feasibility(release, current, ledger.history)
  if (verdict.kind !== 'crosses-contract' || acknowledged.dataLoss) return []
  return [
    {
      code: 'rollback-unsafe',
      what: `Going back from ${current.tag} to ${release.tag} in ${policy.name} ${describeFeasibility(verdict)}.`,
      why: 'The older release cannot work on a database after a contract migration.',
      next: 'Deploy a fixed release forward; or restore the database first and set acknowledge-data-loss: true.',
    },
  ]
}

function capacityRefusals({ recipe }: Wish): ProblemWords[] {
  return recipe.services.flatMap((service): ProblemWords[] => {
    const total = service.fleet.instances.length
    const { floor } = rolloutLimits(service.rollout, total)
    if (total === 1 && !service.rollout.acceptDowntime)
      return [
        {
          code: 'single-instance',
          what: `${service.name} has one instance, ${service.fleet.instances[0]?.name ?? ''}: it is down while it is changed.`,
          why: 'With one instance there is nothing left to serve requests.',
          next: `Add an instance, or accept it with services.${service.name}.rollout.accept-downtime: true.`,
        },
      ]
    if (floor < total || total === 1) return []
    return [
      {
        code: 'capacity-floor',
        what: `${service.name} has ${total} instances, and min-available wants ${floor} of them up: none may be changed.`,
        why: 'Changing an instance takes it out of traffic.',
        next: `Set services.${service.name}.rollout.min-available below ${total}, or add instances.`,
      },
    ]
  })
}

/** Once this release serves, the release to go back to is the one that serves now. */
function wayBack(
  release: Release,
  from: Release | null,
  steps: readonly Step[],
  ledger: Ledger,
  recipe: Recipe,
): Plan['wayBack'] {
  const target = from?.sha === release.sha ? (lineage(ledger.history)[1] ?? null) : from
  if (target === null) return null
  return { release: target, feasibility: verdictAfter(target, release, steps, ledger, recipe) }
}

function verdictAfter(
  target: Release,
  release: Release,
  steps: readonly Step[],
  ledger: Ledger,
  recipe: Recipe,
): Feasibility {
  const migrates = steps.some(({ kind }) => kind === 'migrate') && recipe.steps.migrate?.phase === 'contract'
  const sameSchema = target.schemaVersion !== null && target.schemaVersion === release.schemaVersion
  if (migrates && !sameSchema) return { kind: 'crosses-contract', since: 'this deployment', deployments: [] }
  return feasibility(target, release, ledger.history)
}

/** What of a plan cannot be taken back, for the person who approves. */
export const irreversible = (plan: Plan): { step: Step; words: string }[] =>
  plan.steps.flatMap((step) => {
    const { undo } = traits[step.kind]
    return undo.kind === 'cannot' ? [{ step, words: undo.words }] : []
  })

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
