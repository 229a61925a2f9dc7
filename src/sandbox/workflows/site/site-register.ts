import type { SandboxGitHub } from '../../github/github.ts'
import type { RunRegister } from './run-register.ts'

/** The runs of a sandbox's GitHub, as its API shows them. A Deployment of a job itself is none of Rollgate's records. */
export const registerAt = (github: Pick<SandboxGitHub, 'run' | 'approve'>): RunRegister => ({
  begin: ({ id, attempt, workflow, event, branch, sha, actor, triggeringActor }) =>
    void github.run({
      id,
      attempt,
      workflow,
      event,
      branch,
      sha,
      actor,
      triggeringActor,
      status: 'in_progress',
    }),
  waitFor: (id, waitingFor) => void github.run({ id, status: 'waiting', waitingFor }),
  reviewed(run, environment, { by, state }) {
    github.approve(run, { environment, user: by, state, comment: '' })
    github.run({ id: run, status: 'in_progress', waitingFor: [] })
  },
  deployed: () => {},
  end: (id, conclusion) =>
    void github.run({
      ...{ id, status: 'completed', waitingFor: [] },
      conclusion: conclusion === 'startup_failure' ? 'failure' : conclusion,
    }),
})
