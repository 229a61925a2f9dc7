import { type KeptAnswer, mergeAnswers } from '../../src/domain/doctor/answers.ts'
import { asProblem, type ProblemWords } from '../../src/domain/problem.ts'
import { absent, found, type Reading, readingOf, unknown } from '../../src/domain/reading.ts'
import type { AnswerStore, ReferenceProbe, RepositorySettings } from '../../src/pipeline/ports.ts'
import type { SettingsWorld } from '../contracts/doctor.contract.ts'

const unseen: ProblemWords = {
  code: 'permission-missing',
  what: 'Could not read the repository: GitHub answered 404.',
  why: 'It does not exist, or the token may not see it.',
  next: 'Give a token that may.',
}

/** A doctor's means in memory, for a private repository and the token of a workflow. */
export function createMemoryDoctor() {
  const environments = new Map<string, Parameters<SettingsWorld['environment']>[1]>()
  const kept = new Map<string, readonly KeptAnswer[]>()
  let hidden = false
  const seen = <T>(look: () => Reading<T>): Promise<Reading<T>> =>
    Promise.resolve(hidden ? unknown(unseen) : look())

  const settings: RepositorySettings = {
    isPublic: () => seen(() => found(false)),
    immutableReleases: () => seen(() => unknown(unseen)),
    environments: () =>
      seen(() =>
        found(
          [...environments].map(([name, rules]) => ({
            name,
            reviewers: [...(rules?.reviewers?.users ?? [])],
            anyRef: rules?.branchPolicy === undefined,
          })),
        ),
      ),
    server: () => seen(() => absent),
    rulesets: () => seen(() => absent),
    label: (name) => seen(() => (name === 'incident' ? found(name) : absent)),
    deployments: () => seen(() => found([])),
  }
  const probe: ReferenceProbe = {
    async probe({ id, attempt }, job) {
      const ref = `refs/rollgate-probe/${id}-${attempt}-${job}`
      const failed = hidden ? [{ step: 'make' as const, why: unseen }] : []
      return { ref, failed, left: await seen(() => found([])) }
    },
  }
  const answers: AnswerStore = {
    read: (app) => seen(() => readingOf(kept.get(app))),
    async keep(app, given) {
      if (hidden) throw asProblem(unseen)
      kept.set(app, mergeAnswers(kept.get(app) ?? [], given))
    },
  }
  return {
    ...{ settings, probe, answers },
    world: { environment: (name, rules) => void environments.set(name, rules) } satisfies SettingsWorld,
    hide: () => {
      hidden = true
    },
  }
}
