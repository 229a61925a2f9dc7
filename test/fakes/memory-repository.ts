import { createHash } from 'node:crypto'
import type { ProblemWords } from '../../src/domain/problem.ts'
import { type Reading, readingOf, unknown } from '../../src/domain/reading.ts'
import type { Relation } from '../../src/domain/release/release.ts'
import type { TreeEntry } from '../../src/domain/release/release-tree.ts'
import { newestFirst } from '../../src/domain/release/tag-order.ts'
import type { Repository } from '../../src/pipeline/ports.ts'
import type { RepositoryWorld } from '../contracts/repository.contract.ts'

interface Commit {
  readonly parent: string | null
  readonly message: string
  readonly files: ReadonlyMap<string, string>
  readonly executables: ReadonlySet<string>
}

type Rules = Parameters<RepositoryWorld['environment']>[1]
type Review = Parameters<RepositoryWorld['approve']>[1] & { readonly run: number }
type WorkflowRun = ReturnType<RepositoryWorld['run']>

/** A repository in memory, arranged with the same calls as the sandbox's. */
export function createMemoryRepository(): Repository &
  RepositoryWorld & {
    commitOf(name: string): Reading<string>
    runOf(id: number): WorkflowRun | undefined
    /** A commit that is gone, as after a force push; with the tags on it. */
    lose(sha: string): void
    /** Hides the repository from here on. */
    hide(): void
    /** Answers a look; unknown once the repository is hidden. */
    seen<T>(look: () => T | null | undefined): Reading<T>
  } {
  const commits = new Map<string, Commit>()
  const branches = new Map<string, string>()
  const tags = new Map<string, string>()
  const rules = new Map<string, Rules>()
  const runs = new Map<number, WorkflowRun>()
  const teams = new Map<string, readonly string[]>()
  const reviews: Review[] = []

  let hidden = false
  const seen = <T>(look: () => T | null | undefined): Reading<T> =>
    hidden ? unknown(unseen) : readingOf(look())

  /** A commit and everything before it. */
  function history(sha: string): Set<string> {
    const found = new Set<string>()
    for (let at: string | null = sha; at !== null; at = commits.get(at)?.parent ?? null) found.add(at)
    return found
  }

  const reviewsOf = (run: number, environment: string, wanted: string) =>
    reviews
      .filter((review) => review.run === run && review.environment === environment)
      .filter(({ state = 'approved' }) => state === wanted)
      .map(({ user, comment = '' }) => ({ by: user, comment }))

  return {
    async commit(branch, changes, message, { tag } = {}) {
      const parent = branches.get(branch) ?? null
      const files = new Map(parent === null ? [] : commits.get(parent)?.files)
      const executables = new Set(parent === null ? [] : commits.get(parent)?.executables)
      for (const [path, change] of Object.entries(changes)) {
        executables.delete(path)
        if (change === null) files.delete(path)
        else files.set(path, typeof change === 'string' ? change : change.content)
        if (change !== null && typeof change !== 'string' && change.executable) executables.add(path)
      }
      const sha = createHash('sha1').update(`${commits.size} ${message}`).digest('hex')
      commits.set(sha, { parent, message, files, executables })
      branches.set(branch, sha)
      if (tag !== undefined) tags.set(tag, sha)
      return sha
    },
    async tag(name, sha) {
      // A tag needs an existing commit.
      if (!commits.has(sha))
        commits.set(sha, { parent: null, message: '', files: new Map(), executables: new Set() })
      tags.set(name, sha)
      return sha
    },
    async branch(name, sha) {
      branches.set(name, sha)
    },
    environment: (name, given = {}) => void rules.set(name, given),
    run(change) {
      const run = { ...(runs.get(change.id) ?? standardRun), ...change }
      runs.set(run.id, run)
      return run
    },
    approve: (run, review) => void reviews.push({ ...review, run }),
    team: (slug, members) => void teams.set(slug, members),

    runOf: (id) => runs.get(id),
    lose(sha) {
      commits.delete(sha)
      for (const [tag, at] of tags) if (at === sha) tags.delete(tag)
    },
    hide() {
      hidden = true
    },
    seen,

    /** A full SHA or the name of a branch. */
    commitOf: (name) => seen(() => (commits.has(name) ? name : branches.get(name))),

    resolveTag: async (tag) => seen(() => tags.get(tag)),
    tags: async (most) =>
      seen(() =>
        [...tags]
          .map(([tag, sha]) => ({ tag, sha }))
          .sort((one, other) => newestFirst(one.tag, other.tag))
          .slice(0, Math.min(most, 100)),
      ),
    resolveBranch: async (name) => seen(() => branches.get(name)),
    async file(path, commit) {
      const at = commits.get(commit ?? branches.get('main') ?? '')
      if (at === undefined && commit !== null) return unknown(gone(commit))
      return seen(() => at?.files.get(path))
    },
    tree: async (commit) =>
      seen(() => {
        const at = commits.get(commit)
        return at === undefined ? null : { entries: entriesOf(at), whole: true }
      }),
    compare: async (base, head) =>
      seen(() => {
        if (!commits.has(base) || !commits.has(head)) return null
        const before = history(base)
        const after = history(head)
        const ahead = [...after].filter((sha) => !before.has(sha)).length
        const behind = [...before].filter((sha) => !after.has(sha)).length
        return { relation: relationOf(ahead, behind), commits: ahead + behind }
      }),
    commitsBetween: async (base, head) =>
      seen(() => {
        const [older, newer] = [commits.get(base), commits.get(head)]
        if (older === undefined || newer === undefined) return null
        const before = history(base)
        const ahead = [...history(head)].filter((sha) => !before.has(sha)).toReversed()
        const paths = [...newer.files.keys()].filter((path) => !older.files.has(path)).toSorted()
        return {
          total: ahead.length,
          titles: ahead.slice(0, 100).map((sha) => commits.get(sha)?.message.split('\n', 1)[0] ?? ''),
          added: { paths, whole: true },
        }
      }),
    environmentRules: async (environment) =>
      seen(() => {
        const found = rules.get(environment)
        if (found === undefined) return null
        const { users = [], teams: slugs = [] } = found.reviewers ?? {}
        const reviewers = [...users, ...slugs.map((slug) => `acme/${slug}`)]
        return { reviewers, preventsSelfReview: found.preventSelfReview ?? false }
      }),
    approvals: async (run, environment) =>
      seen(() => ({
        approved: reviewsOf(run, environment, 'approved'),
        rejected: reviewsOf(run, environment, 'rejected'),
      })),
    async runState(run, attempt) {
      const found = runs.get(run)
      if (found === undefined) return 'unknown'
      return found.status !== 'completed' && found.attempt <= attempt ? 'live' : 'over'
    },
    async mayApprove(login, { from }) {
      const person = from.find((name) => name.toLowerCase() === login.toLowerCase())
      const ofTeams = from.filter((name) => name.includes('/'))
      // Names are in the rule itself; only teams have to be looked at.
      if (person !== undefined || ofTeams.length === 0) return readingOf(person)
      const membersOf = (name: string) => {
        const [org, team = ''] = name.split('/')
        return org === 'acme' ? teams.get(team) : undefined
      }
      const member = ofTeams.find((name) => membersOf(name)?.includes(login))
      if (member === undefined && ofTeams.some((name) => membersOf(name) === undefined))
        return unknown(unseenTeam)
      return seen(() => member)
    },
  }
}

function entriesOf({ files, executables }: Commit): ReadonlyMap<string, TreeEntry> {
  const folders = [...files.keys()].flatMap((path) =>
    path.split('/').map((_, at, parts) => parts.slice(0, at).join('/')),
  )
  return new Map<string, TreeEntry>([
    ...folders.filter((path) => path !== '').map((path) => [path, 'folder'] as const),
    ...[...files.keys()].map((path) => [path, executables.has(path) ? 'executable' : 'file'] as const),
  ])
}

const unseenTeam: ProblemWords = {
  code: 'permission-missing',
  what: 'No such team is shown.',
  why: 'There is none, or the token may not see it.',
  next: 'Let it.',
}

const unseen: ProblemWords = {
  code: 'permission-missing',
  what: 'Could not read it.',
  why: 'The token may not see it.',
  next: 'Let it.',
}

const gone = (commit: string): ProblemWords => ({
  code: 'commit-missing',
  what: `The repository has no commit ${commit}.`,
  why: 'It was taken away.',
  next: 'Push it again.',
})

function relationOf(ahead: number, behind: number): Relation {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead'
  return behind > 0 ? 'behind' : 'identical'
}

const standardRun: Omit<WorkflowRun, 'id'> = {
  number: 1,
  attempt: 1,
  status: 'in_progress',
  conclusion: null,
  actor: 'ada',
  event: 'workflow_dispatch',
  branch: 'main',
  workflow: 'deploy.yml',
  waitingFor: [],
  createdAt: '2026-01-05T09:00:00Z',
}
