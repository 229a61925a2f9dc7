import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { JobOptions, Stage } from '../../src/sandbox/stage.ts'

/** A policy of `production` that an incident halts. */
export const halting = ({ production }: ConfigVariation): ConfigVariation => ({
  production: { ...production, halt: { issues: { labels: ['incident'] } } },
})

/** A job that may read issues, as the workflows ask for it. */
export const issuesReadable = ({ github }: Stage): JobOptions => ({
  token: github.token('github-actions[bot]', {
    ...({ contents: 'write', deployments: 'write', actions: 'read' } as const),
    issues: 'read',
  }),
})

/** A person opens an issue with the label, and gets its number. */
export async function opensIncident(stage: Stage, title: string): Promise<number> {
  const { number } = await asErin(stage, 'POST', 'issues', { title, labels: ['incident'] })
  return number
}

export const closesIncident = (stage: Stage, issue: number) =>
  asErin(stage, 'PATCH', `issues/${issue}`, { state: 'closed' })

async function asErin(
  { github }: Stage,
  method: string,
  path: string,
  body: object,
): Promise<{ number: number }> {
  const answer = await fetch(`${github.url}/repos/acme/shop/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${github.token('erin', { issues: 'write' })}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'erin',
      'x-github-api-version': '2022-11-28',
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { number: number }
}
