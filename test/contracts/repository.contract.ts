import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { absent, found, known } from '../../src/domain/reading.ts'
import type { ReleaseStore, Repository } from '../../src/pipeline/ports.ts'
import type { SandboxGitHub } from '../../src/sandbox/github/github.ts'

/** The means of a test to arrange a repository. The organisation is `acme`, the default branch `main`. */
export type RepositoryWorld = Pick<
  SandboxGitHub,
  'commit' | 'tag' | 'branch' | 'environment' | 'run' | 'approve' | 'team'
>

export interface RepositorySetting {
  readonly repository: Repository
  readonly world: RepositoryWorld
  close(): Promise<void>
}

export function repositoryContract(name: string, open: () => Promise<RepositorySetting>): void {
  describe(`the repository contract, by ${name}`, () => {
    let repository: Repository
    let world: RepositoryWorld
    let close: () => Promise<void>
    let first: string
    let second: string
    let side: string
    beforeAll(async () => {
      const setting = await open()
      repository = setting.repository
      world = setting.world
      close = () => setting.close()
      first = await world.commit('main', { 'db/schema-version': '7\n' }, 'first')
      await world.branch('side', first)
      second = await world.commit('main', { 'db/schema-version': '8\n' }, 'second')
      await world.commit('side', { 'a b/ü#?.txt': 'ünïcödé' }, 'on the side')
      side = await world.commit('side', { other: '' }, 'further')
    })
    afterAll(() => close())

    describe('the files of a commit', () => {
      test('are listed whole, with folders, and with what can be started', async () => {
        const install = { content: '#!/bin/sh\n', executable: true }
        const commit = await world.commit('listed', { 'bin/install': install, 'bin/é.md': '' }, 'listed')
        expect(await repository.tree(commit)).toEqual(
          found({
            entries: new Map([
              ['bin', 'folder'],
              ['bin/install', 'executable'],
              ['bin/é.md', 'file'],
            ]),
            whole: true,
          }),
        )
      })

      test('are absent where the repository has no such commit', async () => {
        expect(await repository.tree('d'.repeat(40))).toEqual(absent)
      })
    })

    describe('tags and branches', () => {
      test('a tag means its commit, annotated or not', async () => {
        await world.tag('v1.0.0', first)
        await world.tag('shop/v1.1.0+ü', second, { annotated: true })
        expect(await repository.resolveTag('v1.0.0')).toEqual(found(first))
        expect(await repository.resolveTag('shop/v1.1.0+ü')).toEqual(found(second))
      })

      test('a tag that was moved means its new commit at once', async () => {
        await world.tag('moving', first)
        expect(await repository.resolveTag('moving')).toEqual(found(first))
        await world.tag('moving', second)
        expect(await repository.resolveTag('moving')).toEqual(found(second))
      })

      test('no branch, SHA or part of a name passes for a tag', async () => {
        await world.branch('v9', first)
        await world.branch('tags/v9', first)
        await world.tag('v9.0.0', first)
        for (const name of ['v9', 'main', first, 'v9.0', 'no such tag'])
          expect(await repository.resolveTag(name)).toEqual(absent)
      })

      test('the newest tags come first, a final release before its candidates, each with its commit', async () => {
        await world.tag('t/v1.9.0', first)
        await world.tag('t/v1.10.0', second, { annotated: true })
        await world.tag('t/v1.10.0-rc.2', first)
        await world.tag('t/v1.10.0-rc.10', first, { annotated: true })
        const all = known(await repository.tags(100)) ?? []
        expect(all.filter(({ tag }) => tag.startsWith('t/'))).toEqual([
          { tag: 't/v1.10.0', sha: second },
          { tag: 't/v1.10.0-rc.10', sha: first },
          { tag: 't/v1.10.0-rc.2', sha: first },
          { tag: 't/v1.9.0', sha: first },
        ])
        expect(await repository.tags(2)).toEqual(found(all.slice(0, 2)))
      })

      test('a branch is known by its whole name', async () => {
        await world.branch('release/2026.1', first)
        const asked = ['main', 'release/2026.1', 'release', 'gone']
        const there = await Promise.all(asked.map((branch) => repository.resolveBranch(branch)))
        expect(there.map(({ kind }) => kind)).toEqual(['found', 'found', 'absent', 'absent'])
      })
    })

    describe('files', () => {
      test('a file is read at a commit, and without one on the default branch', async () => {
        expect(await repository.file('db/schema-version', first)).toEqual(found('7\n'))
        expect(await repository.file('db/schema-version', null)).toEqual(found('8\n'))
      })

      test('names and texts may hold any letter', async () => {
        expect(await repository.file('a b/ü#?.txt', side)).toEqual(found('ünïcödé'))
        expect(await repository.file('other', side)).toEqual(found(''))
      })

      test('a missing path is no file, and neither is a folder', async () => {
        expect(await repository.file('other', first)).toEqual(absent)
        expect(await repository.file('db', first)).toEqual(absent)
      })
    })

    test('two commits stand to each other by their history', async () => {
      expect(await repository.compare(first, first)).toEqual(found({ relation: 'identical', commits: 0 }))
      expect(await repository.compare(first, side)).toEqual(found({ relation: 'ahead', commits: 2 }))
      expect(await repository.compare(side, first)).toEqual(found({ relation: 'behind', commits: 2 }))
      expect(await repository.compare(second, side)).toEqual(found({ relation: 'diverged', commits: 3 }))
    })

    test('the commits between two have titles, oldest first, and new files', async () => {
      const head = await world.commit(
        'side',
        { 'db/migrations/0002.sql': '' },
        'Add a column\n\nIt is empty.',
      )
      const between = known(await repository.commitsBetween(first, head))
      expect(between?.total).toBe(3)
      expect(between?.titles.at(-1)).toBe('Add a column')
      expect(between?.added.paths).toContain('db/migrations/0002.sql')
      expect(between?.added.whole).toBe(true)
      expect(await repository.commitsBetween(head, first)).toEqual(
        found({ total: 0, titles: [], added: { paths: [], whole: true } }),
      )
      expect(await repository.commitsBetween('f'.repeat(40), first)).toEqual(absent)
    })

    test('commits without a common ancestor have diverged', async () => {
      const orphan = await world.commit('orphan', { alone: '' }, 'alone')
      expect(known(await repository.compare(first, orphan))?.relation).toBe('diverged')
    })

    test('a commit that is gone compares with nothing, and nothing is known of its files F03 F27', async () => {
      const gone = 'f'.repeat(40)
      expect(await repository.compare(gone, second)).toEqual(absent)
      expect(await repository.compare(second, gone)).toEqual(absent)
      const file = await repository.file('db/schema-version', gone)
      expect(file).toMatchObject({ kind: 'unknown', why: { code: 'commit-missing' } })
    })

    describe('environments', () => {
      test('its reviewers are people and teams', async () => {
        world.team('releasers', ['ada'])
        world.environment('EU/production', {
          reviewers: { users: ['grace'], teams: ['releasers'] },
          preventSelfReview: true,
        })
        expect(await repository.environmentRules('EU/production')).toEqual(
          found({ reviewers: ['grace', 'acme/releasers'], preventsSelfReview: true }),
        )
      })

      test('one without rules has no reviewers', async () => {
        world.environment('open', { waitTimer: 5, branchPolicy: 'protected' })
        const none = found({ reviewers: [], preventsSelfReview: false })
        expect(await repository.environmentRules('open')).toEqual(none)
      })

      test('one that nobody made is missing', async () => {
        expect(await repository.environmentRules('prodution')).toEqual(absent)
      })

      test('only reviews of this environment count, each as what it was', async () => {
        world.environment('live')
        world.environment('stage')
        world.run({ id: 41 })
        world.approve(41, { environment: 'live', user: 'ada', comment: 'go' })
        world.approve(41, { environment: 'stage', user: 'grace' })
        world.approve(41, { environment: 'live', user: 'linus', comment: 'no', state: 'rejected' })
        expect(await repository.approvals(41, 'live')).toEqual(
          found({
            approved: [{ by: 'ada', comment: 'go' }],
            rejected: [{ by: 'linus', comment: 'no' }],
          }),
        )
      })

      test('a run that nobody reviewed has no approvals', async () => {
        world.run({ id: 42 })
        expect(await repository.approvals(42, 'live')).toEqual(found({ approved: [], rejected: [] }))
      })
    })

    test('a run is live until it is completed or attempted anew, and unknown where it is not shown F48', async () => {
      world.run({ id: 51 })
      expect(await repository.runState(51, 1)).toBe('live')
      world.run({ id: 51, status: 'waiting' })
      expect(await repository.runState(51, 1)).toBe('live')
      world.run({ id: 51, status: 'completed', conclusion: 'cancelled' })
      expect(await repository.runState(51, 1)).toBe('over')
      world.run({ id: 51, status: 'in_progress', conclusion: null, attempt: 2 })
      expect(await repository.runState(51, 1)).toBe('over')
      expect(await repository.runState(51, 2)).toBe('live')
      expect(await repository.runState(52, 1)).toBe('unknown')
    })

    test('a named person may approve, however the login is written, and so may a member of a named team', async () => {
      world.team('operators', ['linus'])
      const rule = { kind: 'named', from: ['Ada', 'acme/operators'], notSelf: false } as const
      const asked = ['ada', 'ADA', 'linus', 'mallory', 'acme', 'operators']
      const answers: unknown[] = []
      for (const login of asked) answers.push(await repository.mayApprove(login, rule))
      const team = found('acme/operators')
      expect(answers).toEqual([found('Ada'), found('Ada'), team, absent, absent, absent])
    })

    test('a team that GitHub does not show is unknown, unless another entry names the person', async () => {
      world.team('operators', ['linus'])
      const from = ['acme/hidden', 'elsewhere/operators', 'acme/operators']
      expect(await repository.mayApprove('linus', { from })).toEqual(found('acme/operators'))
      expect(await repository.mayApprove('mallory', { from })).toMatchObject({
        kind: 'unknown',
        why: { code: 'permission-missing' },
      })
    })
  })
}

/** Ports with a hidden world: it holds `file` on main at the tag v1.0.0, and the environment production. */
export interface BlindSetting {
  readonly repository: Repository
  readonly releases: Pick<ReleaseStore, 'commit' | 'published' | 'tagRules'>
  /**
   * The facts that such a token still sees: GitHub shows metadata to every token, and answers 404 for a
   * member only if the token may read members.
   */
  readonly shown?: 'metadata' | 'members'
  close(): Promise<void>
}

export function blindContract(name: string, open: () => Promise<BlindSetting>): void {
  test(`a hidden repository is unknown and never absent, by ${name} F03`, async () => {
    const { repository, releases, close, shown } = await open()
    try {
      const readings = await Promise.all([
        repository.resolveTag('v1.0.0'),
        repository.resolveTag('v9'),
        repository.resolveBranch('main'),
        repository.file('file', null),
        repository.file('file', 'f'.repeat(40)),
        repository.compare('a'.repeat(40), 'b'.repeat(40)),
        repository.commitsBetween('a'.repeat(40), 'b'.repeat(40)),
        repository.environmentRules('production'),
        releases.commit('a'.repeat(40)),
        releases.commit('main'),
        releases.published('v1.0.0'),
        repository.tags(10),
        repository.approvals(1, 'production'),
        ...(shown === 'members' ? [] : [repository.mayApprove('ada', { from: ['grace', 'acme/releasers'] })]),
        ...(shown === 'metadata' ? [] : [releases.tagRules('v1.0.0')]),
      ])
      for (const reading of readings) {
        expect(reading.kind).toBe('unknown')
        expect(() => known<unknown>(reading)).toThrow(/./)
      }
      const named = await repository.mayApprove('ada', { from: ['acme/releasers', 'ada'] })
      expect(named).toEqual(found('ada'))
    } finally {
      await close()
    }
  })
}
