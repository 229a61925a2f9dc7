import path from 'node:path'
import { inForce, type RulesOff } from '../rules/in-force.ts'
import { type CheckRuns, checkAnswers, checkRuns } from './answers/checks.ts'
import { type CommitState, commitStatuses } from './answers/commit-statuses.ts'
import { commitAnswers } from './answers/commits.ts'
import { contentAnswers } from './answers/contents.ts'
import { deploymentStatusAnswers } from './answers/deployment-statuses.ts'
import { type DeploymentRecord, deploymentAnswers } from './answers/deployments.ts'
import { dispatchAnswers } from './answers/dispatches.ts'
import { environmentAnswers, environments, type SiteRules } from './answers/environments.ts'
import { gitCommitAnswers } from './answers/git-commits.ts'
import { issueCommentAnswers } from './answers/issue-comments.ts'
import { type IssueRecord, issueAnswers } from './answers/issues.ts'
import { labelAnswers } from './answers/labels.ts'
import { people, peopleAnswers, type Role } from './answers/people.ts'
import { referenceAnswers } from './answers/references.ts'
import { releaseAssetAnswers } from './answers/release-assets.ts'
import { type ReleaseOptions, type ReleaseRecord, releaseBook } from './answers/release-book.ts'
import { releaseAnswers } from './answers/releases.ts'
import { repositoryAnswers } from './answers/repository.ts'
import { reviewAnswers } from './answers/reviews.ts'
import { rulesetAnswers, type TagRuleset } from './answers/rulesets.ts'
import { runAnswers } from './answers/runs.ts'
import { treeAnswers } from './answers/trees.ts'
import { type RunApproval, type RunChange, type WorkflowRun, workflowRuns } from './answers/workflow-runs.ts'
import { announcing } from './events.ts'
import { exchange } from './exchange.ts'
import { type Faults, faults } from './faults.ts'
import { type Limits, limits } from './limits.ts'
import type { OpenRecord, RequestRecord } from './log.ts'
import { standardHeaders } from './rate-limit.ts'
import { guardOf } from './reference-guard.ts'
import type { Answers, SiteReply } from './reply.ts'
import { listen } from './server.ts'
import { repositoryName, type SiteClock, siteAt, type Tier } from './site.ts'
import { initBareRepository } from './store/git.ts'
import { type Seed, seeding } from './store/seed.ts'
import { type Permissions, type TokenOrigin, tokens } from './tokens.ts'
import { type Violation, violations } from './violations.ts'

export interface GitHubOptions {
  /** The folder of the bare repository: `<folder>/<owner>/<name>.git`. */
  readonly folder: string
  /** `owner/name`. */
  readonly repository: string
  readonly defaultBranch?: string
  readonly clock?: SiteClock
  /** The clock of the rate limits, for a story that passes faster than the world; by default the same one. */
  readonly limitsClock?: SiteClock
  /** By default a private repository of an enterprise, which has every kind of protection. */
  readonly tier?: Tier
  /** All of GitHub's rules are kept, except those that a test switches off. */
  readonly rules?: RulesOff
}

/** A GitHub for one repository, on 127.0.0.1: the means to arrange, read and break it. */
export interface SandboxGitHub extends Seed, Pick<Faults, 'inject' | 'before'>, AsyncDisposable {
  /** For GITHUB_API_URL. */
  readonly url: string
  readonly gitDir: string
  readonly repository: string

  /** Returns the text of a new token; `github-actions[bot]` is the actor of a workflow's own token. */
  token(actor: string, permissions: Permissions, origin?: TokenOrigin): string
  environment(name: string, rules?: SiteRules): void
  run(change: RunChange): WorkflowRun
  approve(run: number, approval: RunApproval): void
  collaborator(login: string, role: Role): void
  team(slug: string, members: readonly string[]): void
  commitStatus(sha: string, context: string, state: CommitState): void
  checkRun: CheckRuns['add']
  release(tag: string, options?: ReleaseOptions): ReleaseRecord
  /** Turns immutable releases on or off; they are on by default. */
  immutableReleases(on: boolean): void
  /** Puts other bytes in place of a file's of a release, whatever the release is. */
  replaceAsset(tag: string, name: string, text: string): void

  /** Protects every tag from moves and deletion, unless the second argument says otherwise. */
  tagRuleset(name: string, ruleset?: Partial<Omit<TagRuleset, 'name'>>): void

  /** Uses up a part of one of GitHub's limits, as other runs of the repository would. */
  spend: Limits['spend']

  /** Oldest first, each with its statuses. */
  readonly deployments: readonly DeploymentRecord[]
  readonly runs: readonly WorkflowRun[]
  /** Oldest first, each with its files. */
  readonly releases: readonly ReleaseRecord[]
  /** Oldest first, each with its comments. */
  readonly issues: readonly IssueRecord[]
  readonly requests: readonly RequestRecord[]
  /** Everything said here that GitHub's description does not know; a good test ends with none. */
  readonly violations: readonly Violation[]

  stop(): Promise<void>
}

const everyTagKept = {
  enforcement: 'active',
  include: ['~ALL'],
  exclude: [],
  rules: ['update', 'deletion'],
} as const

export async function startGitHub(options: GitHubOptions): Promise<SandboxGitHub> {
  const { folder, defaultBranch = 'main', clock = () => new Date(), tier = 'private-enterprise' } = options
  const rules = inForce(options.rules)
  const repository = repositoryName(options.repository, defaultBranch)
  const git = await initBareRepository(path.join(folder, `${repository.fullName}.git`), defaultBranch)
  const server = await listen()
  const site = siteAt(server.url, { repository, git, clock, tier, inForce: rules })

  const known = {
    people: people(site),
    environments: environments(site),
    runs: workflowRuns(site),
    commitStatuses: commitStatuses(),
    deployments: [] as DeploymentRecord[],
    checkRuns: checkRuns(),
    releases: releaseBook(site),
    issues: [] as IssueRecord[],
    tagRulesets: [] as TagRuleset[],
  }
  const counted = limits(rules, options.limitsClock ?? clock)
  const guard = guardOf(site, known.releases, known.tagRulesets)
  const announce = announcing(site, known.runs)
  const answers: Answers = {
    ...repositoryAnswers(site, known.people, counted.shown),
    ...peopleAnswers(site, known.people),
    ...referenceAnswers(site, guard, announce),
    ...treeAnswers(site),
    ...gitCommitAnswers(site, known.people),
    ...commitAnswers(site),
    ...contentAnswers(site),
    ...checkAnswers(site, known.people, known.commitStatuses, known.checkRuns),
    ...releaseAnswers(site, { people: known.people, book: known.releases, guard, announce }),
    ...releaseAssetAnswers(site, known.people, known.releases),
    ...rulesetAnswers(site, known.tagRulesets),
    ...deploymentAnswers(site, { ...known, announce }),
    ...deploymentStatusAnswers(site, { ...known, announce }),
    ...environmentAnswers(site, known.people, known.environments),
    ...runAnswers(site, known.people, known.runs),
    ...reviewAnswers(site, known.people, known.environments, known.runs),
    ...dispatchAnswers(site, known.runs, announce),
    ...issueAnswers(site, known.people, known.issues),
    ...issueCommentAnswers(site, known.people, known.issues),
    ...labelAnswers(site, known.issues),
  }
  const parts = {
    repository,
    inForce: rules,
    answers,
    tokens: tokens(rules),
    faults: faults(),
    violations: violations(),
    limits: counted,
    records: [] as OpenRecord[],
    earlier: new Map<string, SiteReply>(),
  }
  let answered = 0
  server.serve(
    (incoming) => exchange(parts, incoming),
    ({ headers }) => {
      answered++
      const limit = counted.shown(parts.tokens.actor(headers.authorization))
      return standardHeaders(limit, headers['x-github-api-version'], answered)
    },
  )

  return {
    url: server.url,
    gitDir: git.folder,
    repository: repository.fullName,
    ...seeding(git),
    token: parts.tokens.issue,
    environment: (name, rules = {}) => known.environments.set(name, rules),
    run: known.runs.set,
    approve: known.runs.addReview,
    collaborator: known.people.addCollaborator,
    team: known.people.setTeam,
    commitStatus: known.commitStatuses.set,
    checkRun: known.checkRuns.add,
    release: (tag, releaseOptions = {}) => known.releases.add(tag, releaseOptions),
    immutableReleases(on) {
      known.releases.immutable = on
    },
    replaceAsset: known.releases.replaceAsset,
    tagRuleset(name, ruleset = {}) {
      known.tagRulesets.push({ ...everyTagKept, ...ruleset, name })
    },
    spend: counted.spend,
    deployments: known.deployments,
    get runs() {
      return known.runs.all
    },
    releases: known.releases.all,
    issues: known.issues,
    requests: parts.records,
    violations: parts.violations.all,
    inject: parts.faults.inject,
    before: parts.faults.before,
    stop: server.stop,
    [Symbol.asyncDispose]: server.stop,
  }
}
