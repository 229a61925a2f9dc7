import { listedEntries } from '../../../src/sandbox/github/answers/trees.ts'
import type { LimitRule } from '../../../src/sandbox/github/limits.ts'
import { inForce, type RulesOff } from '../../../src/sandbox/rules/in-force.ts'
import { over, type ProbedGitHub, refused, shop, statusOf } from './server.ts'

const read = ({ octokit }: ProbedGitHub) => octokit.repos.get(shop)
const open = ({ octokit }: ProbedGitHub) => octokit.issues.create({ ...shop, title: 'One' })

/** True if one more request passes after so many units were spent, and the next is refused by the limit. */
async function lastOf(
  { github }: ProbedGitHub,
  rule: LimitRule,
  spent: number,
  send: () => Promise<{ status: number }>,
): Promise<boolean> {
  github.spend(rule, spent)
  return (await statusOf(send())) < 300 && refused(403, send())
}

const files = (many: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: many }, (_, at) => [`f${at}`, 'x']))

export const limitProbes = {
  'rate-of-workflow-tokens': over((probed) =>
    lastOf(probed, 'rate-of-workflow-tokens', 999, () => read(probed)),
  ),
  'rate-of-other-tokens': over(async (probed) => {
    const octokit = probed.client('helper[bot]')
    probed.github.spend('rate-of-other-tokens', 4999, 'helper[bot]')
    const inside = await statusOf(octokit.repos.get(shop))
    return inside === 200 && (await refused(403, octokit.repos.get(shop)))
  }),
  'rate-limit-is-free': over(async ({ octokit }) => {
    await octokit.rateLimit.get()
    return (await octokit.rateLimit.get()).data.rate.used === 0
  }),
  'points-a-minute': over((probed) => lastOf(probed, 'points-a-minute', 899, () => read(probed))),
  'contents-a-minute': over((probed) => lastOf(probed, 'contents-a-minute', 79, () => open(probed))),
  'contents-an-hour': over((probed) => lastOf(probed, 'contents-an-hour', 499, () => open(probed))),
  'requests-at-once': over(async (probed) => {
    const gate = Promise.withResolvers<void>()
    const all = Promise.withResolvers<void>()
    let waiting = 0
    const hook = () => {
      waiting += 1
      if (waiting === 100) all.resolve()
      return gate.promise
    }
    probed.github.before({ operation: 'repos/get' }, hook, { times: 100 })
    const frozen = Array.from({ length: 100 }, () => read(probed))
    await all.promise
    const over = await refused(403, read(probed))
    gate.resolve()
    await Promise.allSettled(frozen)
    return over
  }),
  'page-size': over(async (probed) => {
    for (let at = 0; at < 101; at++) probed.github.run({ id: at + 1 })
    await probed.github.commit('main', { a: '1' }, 'One')
    const { data } = await probed.octokit.actions.listWorkflowRunsForRepo({ ...shop, per_page: 200 })
    return data.workflow_runs.length === 100
  }),
  'comparison-commits': over(async ({ github, octokit }) => {
    await github.commit('main', { a: '0' }, 'Base', { tag: 'v1' })
    for (let at = 1; at <= 251; at++) await github.commit('main', {}, `${at}`)
    const { data } = await octokit.repos.compareCommitsWithBasehead({ ...shop, basehead: 'v1...main' })
    return data.commits.length === 250
  }),
  'comparison-files': over(async ({ github, octokit }) => {
    await github.commit('main', { a: '0' }, 'Base', { tag: 'v1' })
    await github.commit('main', files(301), 'Many')
    const { data } = await octokit.repos.compareCommitsWithBasehead({ ...shop, basehead: 'v1...main' })
    return data.files?.length === 300
  }),
  'commit-files': over(async ({ github, octokit }) => {
    await github.commit('main', files(301), 'Many')
    return (await octokit.repos.getCommit({ ...shop, ref: 'main' })).data.files?.length === 300
  }),
  'folder-entries': over(async ({ github, octokit }) => {
    const many = Object.entries(files(1001)).map(([name, text]) => [`folder/${name}`, text])
    await github.commit('main', Object.fromEntries(many), 'Many')
    const { data } = await octokit.repos.getContent({ ...shop, path: 'folder' })
    return Array.isArray(data) && data.length === 1000
  }),
  'file-above-one-megabyte': over(async ({ github, octokit }) => {
    await github.commit('main', { big: 'x'.repeat(1024 * 1024 + 1) }, 'Big')
    const { data } = await octokit.repos.getContent({ ...shop, path: 'big' })
    return 'content' in data && data.content === ''
  }),
  // A real tree of that size would take seconds.
  'tree-entries': async (rules: RulesOff) => {
    const entry = { path: 'a', mode: '100644', kind: 'blob', sha: '1'.repeat(40) } as const
    return listedEntries({ inForce: inForce(rules) }, Array(100_001).fill(entry), true).truncated
  },
  'issues-with-every-label': over(async ({ octokit }) => {
    await octokit.issues.create({ ...shop, title: 'One', labels: ['incident'] })
    const { data } = await octokit.issues.listForRepo({ ...shop, labels: 'incident,outage' })
    return data.length === 0
  }),
  'issue-body-length': over(({ octokit }) =>
    refused(422, octokit.issues.create({ ...shop, title: 'Long', body: 'x'.repeat(65_537) })),
  ),
}
