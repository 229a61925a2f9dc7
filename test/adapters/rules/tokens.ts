import { expect } from 'vitest'
import { gitHubSettings } from '../../../src/adapters/github/doctor/settings.ts'
import { gitHubIssues } from '../../../src/adapters/github/issue-store.ts'
import { gitHubLedgers } from '../../../src/adapters/github/ledger/store.ts'
import { gitHubRecords } from '../../../src/adapters/github/record-store.ts'
import { gitHubReleases } from '../../../src/adapters/github/release/store.ts'
import { gitHubRepository } from '../../../src/adapters/github/repository.ts'
import { emptyLedger } from '../../../src/domain/ledger/ledger.ts'
import { anIssue } from '../../contracts/issue.contract.ts'
import { contractPlan } from '../../contracts/record.contract.ts'
import { aFile } from '../../contracts/release.contract.ts'
import { aGitHub, connectedAs } from './a-github.ts'
import { gitHubAdapter, gitHubRules, type RuleAnswer } from './answer.ts'

/** Makes each writing request that there is, once. */
async function everyWriteIsTaken(): Promise<void> {
  const { sandbox, github } = await aGitHub()
  const sha = await sandbox.commit('main', { a: '1' }, 'One')
  const ledgers = gitHubLedgers(github)
  const first = await ledgers.append(null, emptyLedger('shop', 'production'), 'first')
  await ledgers.append(first, emptyLedger('shop', 'production'), 'second')
  const records = gitHubRecords(github)
  const record = await records.open(contractPlan(sha), 1, 'https://run', { mayExist: true })
  const status = { description: 'Serves', run: 'https://run', url: 'https://shop' }
  await records.say(record, { ...status, state: 'success' })
  const issues = gitHubIssues(github)
  const issue = await issues.create({ app: 'shop', environment: 'production' }, anIssue('1'))
  await issues.comment(issue, { key: '2', text: 'More' })
  await issues.close(issue, 'completed')
  const releases = gitHubReleases(github)
  const draft = await releases.draft('v1', sha, await releases.notes('v1', sha, null))
  await releases.retext(draft, 'In the making')
  await releases.attach(draft, aFile('app.tar', 'app'))
  await releases.tag('v1', sha, 'A tag with a message')
  await releases.publish(draft, { text: 'Notes', prerelease: false })
  await releases.discard(await releases.draft('v2', sha, 'text'))
  expect(sandbox.requests.map(({ status: answered = 0 }) => answered).filter((one) => one >= 300)).toEqual([])
  expect(sandbox.violations).toEqual([])
}

export const tokenAnswers = {
  'permission-per-request': gitHubAdapter('a permission that the job lacks, named as a workflow writes it'),
  'unseen-is-not-found': async () => {
    const { sandbox, github } = await aGitHub({}, 'stranger')
    await sandbox.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    expect(await gitHubRepository(github).resolveTag('v1')).toMatchObject({
      kind: 'unknown',
      why: { code: 'permission-missing', why: expect.stringContaining('the token may not see it') },
    })
  },
  'workflow-token-has-no-members': gitHubAdapter(
    'teams cannot be read by the token of a workflow, nor by a classic one without the scope',
  ),
  'fork-token-reads-only': gitHubRules(
    'the token of a run for a fork writes no ledger, and the permission is named',
  ),
  'tokens-are-long': async () => {
    const { sandbox } = await aGitHub()
    const lines: string[] = []
    const github = connectedAs(sandbox, 'github-actions[bot]', { say: (line) => lines.push(line) })
    await sandbox.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    expect(await gitHubRepository(github).resolveTag('v1')).toMatchObject({ kind: 'found' })
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter((line) => line.includes('ghs_'))).toEqual([])
  },
  'supported-api-version': gitHubAdapter('each names the API version, is counted and said without the token'),
  'bodies-follow-the-description': everyWriteIsTaken,
  'immutability-setting-needs-admin': async () => {
    const { sandbox, github } = await aGitHub()
    sandbox.immutableReleases(false)
    expect(await gitHubSettings(github).immutableReleases()).toMatchObject({
      kind: 'unknown',
      why: { code: 'permission-missing', why: expect.stringContaining('`administration: read`') },
    })
  },
} satisfies Record<string, RuleAnswer>
