import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type SandboxGitHub, startGitHub } from './github/github.ts'
import type { Files } from './github/store/seed.ts'
import { type ActionsOptions, openActions, type SandboxActions } from './workflows/actions.ts'

/**
 * A repository with the workflows that a team has committed, in a GitHub of its own.
 *
 * ```ts
 * const own = await openOwnRepository({ folder, source: 'fixtures/node', environments: { production: { reviewers: ['rhea'] } } })
 * await own.github.tag('v1.0.0', await own.commit({ 'db/schema': '1' }, 'Release v1.0.0'))
 * const run = await own.actions.dispatch('rollgate.yml', { environment: 'production', do: 'deploy', release: 'v1.0.0' })
 * run.conclusion                                // 'success', 'failure', …; run.problems says why nothing started
 * run.jobs.look?.outputs.plan                   // the jobs by their IDs; run.jobs.act?.problems are GitHub's own words
 * stepOf(run.jobs.act, 'act')?.outputs.outcome  // the steps by their IDs: outputs, annotations, summary, log
 * summaryOf(run.jobs.act)                       // the page of the job
 * const watched = await own.actions.schedule('rollgate-watch.yml')
 * await own.close()
 * ```
 *
 * A question is answered by another form: `dispatch('rollgate.yml', { do: 'decide', question: '7.1', decision: 'retry', … })`.
 * The reviewer approves unless `review` says otherwise. The shop of a stage is played by `openActions(stage.github, …)`
 * with `env: stage.shop.env`, once the workflows are committed there.
 */
export interface OwnRepository extends AsyncDisposable {
  readonly github: SandboxGitHub
  readonly actions: SandboxActions
  /** Commits on the default branch and returns the SHA. */
  commit(files: Files, message: string): Promise<string>
  close(): Promise<void>
}

export interface OwnRepositoryOptions extends ActionsOptions {
  /** The folder whose files are the first commit; `.git` and `node_modules` stay out. */
  readonly source: string
  readonly repository?: string
}

export async function openOwnRepository({
  source,
  repository = 'acme/shop',
  ...options
}: OwnRepositoryOptions): Promise<OwnRepository> {
  const rules = options.rules ?? {}
  const github = await startGitHub({ folder: options.folder, repository, rules })
  await github.commit('main', filesOf(source), 'The repository as it is')
  return {
    github,
    actions: openActions(github, options),
    commit: (files, message) => github.commit('main', files, message),
    close: github.stop,
    [Symbol.asyncDispose]: github.stop,
  }
}

const leftOut = /(^|\/)(\.git|node_modules)(\/|$)/

/** The files of a folder, with those that may be executed. */
export function filesOf(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => !leftOut.test(name) && statSync(join(folder, name)).isFile())
  return Object.fromEntries(
    files.map((name) => {
      const file = join(folder, name)
      return [name, { content: readFileSync(file, 'utf8'), executable: (statSync(file).mode & 0o100) !== 0 }]
    }),
  )
}
