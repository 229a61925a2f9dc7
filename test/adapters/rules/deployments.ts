import { expect } from 'vitest'
import { gitHubRecords } from '../../../src/adapters/github/record-store.ts'
import type { RecordState } from '../../../src/pipeline/ports.ts'
import { contractPlan } from '../../contracts/record.contract.ts'
import { aGitHub, requestsOf } from './a-github.ts'
import { gitHubAdapter, gitHubRules, never, type RuleAnswer, recordContract } from './answer.ts'

const run = 'https://github.com/acme/shop/actions/runs/77'

/** Opens the record of a release that is behind the default branch, with a status that is not green. */
async function recorded() {
  const { sandbox, github } = await aGitHub()
  const sha = await sandbox.commit('main', { a: '1' }, 'One', { tag: 'v1' })
  sandbox.commitStatus(sha, 'ci', 'failure')
  await sandbox.commit('main', { a: '2' }, 'Two')
  const records = gitHubRecords(github)
  const record = await records.open(contractPlan(sha), 1, run, { mayExist: false })
  return { sandbox, github, records, record, sha }
}

/** The release was judged before: neither a newer default branch nor a status keeps its record from being made. */
async function recordsAtOnce(): Promise<void> {
  const { sandbox, sha } = await recorded()
  expect(sandbox.deployments).toMatchObject([{ sha, environment: 'production' }])
  expect(requestsOf(sandbox, 'repos/create-deployment')).toBe(1)
}

/** The compiler demands every state. */
const everyState: Readonly<Record<RecordState, true>> = {
  queued: true,
  pending: true,
  in_progress: true,
  success: true,
  failure: true,
  error: true,
  inactive: true,
}

const noDeletion = never('Rollgate deletes no record: each is history.', 'repos.deleteDeployment')
const endedByName = recordContract('a success leaves the older record as it is, until that is ended by name')

export const deploymentAnswers = {
  'deployment-defaults': recordContract('a record names the commit, the environment and where it came from'),
  'deployment-production-by-name': recordContract(
    'only the class makes an environment a production one, not its name',
  ),
  'deployment-auto-merge': recordsAtOnce,
  'deployment-required-contexts': recordsAtOnce,
  'deployment-sha-is-fixed': gitHubAdapter('a record of another commit than the planned one is a problem'),
  'deployment-creates-environment': gitHubRules('an environment that a Deployment created is refused'),
  'deployment-status-description': recordContract(
    'a long description is cut at 140 characters, and none of them is cut in two',
  ),
  'deployment-status-states': async () => {
    const { sandbox, records, record } = await recorded()
    const states = Object.keys(everyState) as RecordState[]
    for (const state of states) await records.say(record, { state, description: state, run, url: null })
    expect(sandbox.deployments[0]?.statuses.map(({ state }) => state)).toEqual(states)
  },
  'deployment-status-log-url': async () => {
    const { sandbox, records, record } = await recorded()
    await records.say(record, { state: 'success', description: 'Serves', run, url: 'https://shop' })
    expect(sandbox.deployments[0]?.statuses).toMatchObject([{ logUrl: run, environmentUrl: 'https://shop' }])
  },
  'deployment-status-moves-environment': async () => {
    const { sandbox, records, record } = await recorded()
    await records.say(record, { state: 'success', description: 'Serves', run, url: null })
    expect(sandbox.deployments.map(({ environment }) => environment)).toEqual(['production'])
  },
  'auto-inactive': endedByName,
  'auto-inactive-spares-production': endedByName,
  'active-deployment-is-kept': noDeletion,
  'last-deployment-may-go': noDeletion,
  'deployment-filters-are-exact': recordContract(
    'the newest records of an app are shown with what they say, and those of nobody else',
  ),
  // The payload leads to the run, and the run to the person.
  'records-name-the-bot': async () => {
    const { github, record } = await recorded()
    const { data } = await github.rest.repos.getDeployment({ ...github.place, deployment_id: record })
    expect(data).toMatchObject({ creator: { login: 'github-actions[bot]' }, payload: { run } })
  },
} satisfies Record<string, RuleAnswer>
