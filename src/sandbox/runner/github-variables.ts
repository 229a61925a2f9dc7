import type { MachineJob } from '../workflows/site/machine.ts'

/** The variables in which every step of a job finds its run, as GitHub's runner names them. */
export function githubVariables(
  job: MachineJob,
  apiUrl: string,
  workspace: string,
  temp: string,
): Readonly<Record<string, string>> {
  const { run } = job
  const fromContext = Object.entries(job.github)
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, String(value)])
  const { GITHUB_TOKEN: _never, ...context } = Object.fromEntries(fromContext)
  return {
    ...{ CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_OS: 'Linux', RUNNER_ARCH: 'X64' },
    ...context,
    ...{ GITHUB_API_URL: apiUrl, GITHUB_WORKSPACE: workspace, GITHUB_JOB: job.id.split('/').at(-1) ?? '' },
    ...{ GITHUB_RUN_ID: String(run.id), GITHUB_RUN_ATTEMPT: String(run.attempt) },
    ...{
      RUNNER_TEMP: temp,
      RUNNER_ENVIRONMENT: job.runner.kind === 'hosted' ? 'github-hosted' : 'self-hosted',
    },
  }
}
