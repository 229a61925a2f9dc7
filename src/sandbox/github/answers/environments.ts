import { paged } from '../paging.ts'
import { type Call, notFound, ok, param, Refusal } from '../reply.ts'
import { nodeId, type Site, type Tier } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'
import type { People } from './people.ts'

export interface SiteRules {
  /** Logins and team slugs; one of them may approve. */
  readonly reviewers?: { readonly users?: readonly string[]; readonly teams?: readonly string[] }
  readonly preventSelfReview?: boolean
  /** Minutes. */
  readonly waitTimer?: number
  /** The refs that may deploy: protected branches, or those matching a pattern. */
  readonly branchPolicy?: 'protected' | readonly BranchPattern[]
}

export interface BranchPattern {
  readonly name: string
  readonly type: 'branch' | 'tag'
}

export interface Environments {
  /** Creates the environment or replaces its rules. */
  set(name: string, rules: SiteRules): void
  /** Creates the environment without any rules, unless there is one of this name. */
  name(name: string): void
  find(name: string): Environment | undefined
  readonly all: readonly Environment[]
}

export interface Environment {
  readonly id: number
  readonly name: string
  readonly rules: SiteRules
  readonly createdAt: string
}

export function environments(site: Site): Environments {
  const byName = new Map<string, Environment>()
  const key = (name: string) => (site.inForce('environment-names-have-no-case') ? name.toLowerCase() : name)
  const set: Environments['set'] = (name, rules) => {
    requirePossible(site, name, rules)
    const earlier = byName.get(key(name))
    const { id, createdAt } = earlier ?? { id: byName.size + 1, createdAt: isoSeconds(site.clock()) }
    byName.set(key(name), { id, name: earlier?.name ?? name, rules: rulesOfTier(site, rules), createdAt })
  }
  return {
    set,
    name: (name) => (byName.has(key(name)) ? undefined : set(name, {})),
    find: (name) => byName.get(key(name)),
    get all() {
      return [...byName.values()]
    },
  }
}

const longestName = 255
const mostReviewers = 6
const longestWait = 43_200

/** Refuses what no administrator could set up. */
function requirePossible({ inForce }: Site, name: string, { reviewers, waitTimer = 1 }: SiteRules): void {
  const many = (reviewers?.users?.length ?? 0) + (reviewers?.teams?.length ?? 0)
  if (inForce('environment-name-length') && name.length > longestName)
    throw new Refusal(422, `The name of an environment has at most ${longestName} characters.`)
  if (inForce('reviewers-at-most-six') && many > mostReviewers)
    throw new Refusal(422, `An environment has at most ${mostReviewers} reviewers.`)
  if (inForce('wait-timer-range') && (waitTimer < 0 || waitTimer > longestWait))
    throw new Refusal(422, `A wait timer lasts at most ${longestWait} minutes.`)
}

const belowEnterprise: readonly Tier[] = ['private-team', 'private-free']

/** GitHub ignores the rules that the plan of a private repository does not have. */
function rulesOfTier({ tier, inForce }: Site, rules: SiteRules): SiteRules {
  const { branchPolicy, ...reviewed } = rules
  const noReviews = belowEnterprise.includes(tier) && inForce('private-repository-without-reviewers')
  const noPolicy = tier === 'private-free' && inForce('private-repository-of-free-plan')
  return {
    ...(noReviews ? {} : reviewed),
    ...(noPolicy || branchPolicy === undefined ? {} : { branchPolicy }),
  }
}

export function environmentAnswers(site: Site, people: People, known: Environments) {
  const asked = (call: Call) => {
    const environment = known.find(param(call, 'environment_name'))
    if (environment === undefined) throw notFound()
    return environment
  }
  return {
    'repos/get-all-environments': (call: Call) =>
      paged(call, known.all, (items) => ({
        total_count: known.all.length,
        environments: items.map((item) => environmentBody(site, people, item)),
      })),
    'repos/get-environment': (call: Call) => ok(environmentBody(site, people, asked(call))),
    'repos/list-deployment-branch-policies': (call: Call) => {
      const patterns = patternsOf(asked(call))
      return paged(call, patterns, (items) => ({
        total_count: patterns.length,
        branch_policies: items.map((item) => ({ ...item, node_id: nodeId('BranchPolicy', item.id) })),
      }))
    },
  }
}

function patternsOf({ id, rules: { branchPolicy = 'protected' } }: Environment) {
  const patterns = branchPolicy === 'protected' ? [] : branchPolicy
  return patterns.map((pattern, index) => ({ id: id * 100 + index + 1, ...pattern }))
}

function environmentBody(site: Site, people: People, environment: Environment) {
  return {
    ...environmentSummary(site, environment),
    protection_rules: protectionRules(people, environment),
    deployment_branch_policy: branchPolicyBody(environment.rules.branchPolicy),
  }
}

/** The part that reviews and pending deployments repeat. */
export function environmentSummary(site: Site, { id, name, createdAt }: Environment) {
  return {
    id,
    node_id: nodeId('Environment', id),
    name,
    url: site.repoApi(`environments/${encodeURIComponent(name)}`),
    html_url: site.page(`deployments/activity_log?environments_filter=${encodeURIComponent(name)}`),
    created_at: createdAt,
    updated_at: createdAt,
  }
}

function protectionRules(people: People, { id, rules }: Environment) {
  const rule = (type: string, offset: number) => ({
    id: id * 10 + offset,
    node_id: nodeId('ProtectionRule', id * 10 + offset),
    type,
  })
  const { waitTimer = 0, reviewers, preventSelfReview = false, branchPolicy } = rules
  const wait = { ...rule('wait_timer', 1), wait_timer: waitTimer }
  const review = {
    ...rule('required_reviewers', 2),
    prevent_self_review: preventSelfReview,
    reviewers: reviewerBodies(people, rules),
  }
  return [
    ...(waitTimer > 0 ? [wait] : []),
    ...(reviewers === undefined ? [] : [review]),
    ...(branchPolicy === undefined ? [] : [rule('branch_policy', 3)]),
  ]
}

export function reviewerBodies(people: People, { reviewers = {} }: SiteRules) {
  return [
    ...(reviewers.users ?? []).map((login) => ({ type: 'User', reviewer: people.user(login) })),
    ...(reviewers.teams ?? []).map((slug) => ({ type: 'Team', reviewer: people.team(slug) })),
  ]
}

function branchPolicyBody(policy: SiteRules['branchPolicy']) {
  if (policy === undefined) return null
  return { protected_branches: policy === 'protected', custom_branch_policies: policy !== 'protected' }
}
