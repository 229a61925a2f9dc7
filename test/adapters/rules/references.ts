import { expect } from 'vitest'
import { gitHubLedgers } from '../../../src/adapters/github/ledger/store.ts'
import { gitHubReleases } from '../../../src/adapters/github/release/store.ts'
import { gitHubRepository } from '../../../src/adapters/github/repository.ts'
import { emptyLedger } from '../../../src/domain/ledger/ledger.ts'
import { found } from '../../../src/domain/reading.ts'
import { aGitHub, problemOf, requestsOf } from './a-github.ts'
import {
  gitHubAdapter,
  gitHubRules,
  inFile,
  ledgerContract,
  type RuleAnswer,
  repositoryContract,
} from './answer.ts'

export const referenceAnswers = {
  'reference-name': gitHubAdapter(
    'every pair of names has a reference of its own, valid for git, that tells them again',
  ),
  'reference-in-any-namespace': ledgerContract('an appended ledger is read back, by another run too'),
  'reference-names-have-case': gitHubRules('a tag of another case is another tag'),
  'reference-is-made-once': ledgerContract(
    'two runs that append onto the same head: exactly one is first, even with the same words',
  ),
  'reference-moves-forward': ledgerContract('an append onto an old head changes nothing'),
  'branch-holds-commits': repositoryContract('a branch is known by its whole name'),
  'branch-before-tag': gitHubRules('a tag is read as the tag, whatever branch has its name'),
  // A release may name such a commit by its SHA; the warning that it is elsewhere stands on this comparison.
  'unreferenced-objects-are-readable': async () => {
    const { sandbox, github } = await aGitHub()
    const tip = await sandbox.commit('main', { a: '1' }, 'One')
    const { rest, place } = github
    const entry = { path: 'a', mode: '100644', type: 'blob', content: 'of a fork' } as const
    const { data: tree } = await rest.git.createTree({ ...place, tree: [entry] })
    const asked = { ...place, message: 'Of a fork', tree: tree.sha, parents: [tip] }
    const { sha } = (await rest.git.createCommit(asked)).data
    expect(await gitHubReleases(github).commit(sha)).toEqual(found(sha))
    expect(await gitHubRepository(github).compare(tip, sha)).toMatchObject({ value: { relation: 'ahead' } })
  },
  'ruleset-keeps-tags': gitHubRules('a tag that %s is refused with both reasons'),
  'workflows-in-moved-references': inFile('test/entry/publish.test.ts')(
    'a refused move of the major tag is red, and names the command that moves it',
  ),
  'tree-with-content': gitHubAdapter('an append takes three requests, and a read two'),
  'commit-parents-exist': async () => {
    const { sandbox, github } = await aGitHub()
    const gone = '1'.repeat(40)
    const ledger = emptyLedger('shop', 'production')
    const problem = await problemOf(gitHubLedgers(github).append(gone, ledger, 'onto nothing'))
    expect(problem.code).toBe('github-refused')
    expect(requestsOf(sandbox, 'git/create-ref') + requestsOf(sandbox, 'git/update-ref')).toBe(0)
  },
} satisfies Record<string, RuleAnswer>
