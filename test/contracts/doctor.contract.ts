import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KeptAnswer } from '../../src/domain/doctor/answers.ts'
import { absent, found } from '../../src/domain/reading.ts'
import type { AnswerStore, ReferenceProbe, RepositorySettings } from '../../src/pipeline/ports.ts'
import type { SandboxGitHub } from '../../src/sandbox/github/github.ts'

/** The means of a test to arrange the settings of a private repository. */
export type SettingsWorld = Pick<SandboxGitHub, 'environment'>

export interface DoctorSetting {
  /** The settings, read with a token of a workflow. */
  readonly settings: RepositorySettings
  readonly probe: ReferenceProbe
  readonly answers: AnswerStore
  readonly world: SettingsWorld
  /** Hides the repository from here on. */
  hide(): void
  close(): Promise<void>
}

const answer = (at: string, change: Partial<KeptAnswer> = {}): KeptAnswer => ({
  ...{ question: 'approvals-recorded', subject: 'production', health: 'well', value: 'found', next: '' },
  ...{ what: 'It does.', at, run: 'https://github.com/acme/shop/actions/runs/7', ...change },
})

export function doctorContract(name: string, open: () => Promise<DoctorSetting>): void {
  describe(`the doctor contract, by ${name}`, () => {
    let there: DoctorSetting
    beforeAll(async () => {
      there = await open()
    })
    afterAll(() => there.close())

    test('the repository is private, on no server of an enterprise, without a ruleset', async () => {
      const { settings } = there
      expect(await settings.isPublic()).toEqual(found(false))
      expect(await settings.server()).toEqual(absent)
      expect(await settings.rulesets('refs/rollgate/shop/production')).toEqual(absent)
      expect(await settings.deployments()).toMatchObject({ kind: 'found' })
    })

    test('a setting of administrators is unknown to the token of a workflow, and not absent', async () => {
      const reading = await there.settings.immutableReleases()
      expect(reading).toMatchObject({ kind: 'unknown', why: { code: 'permission-missing' } })
    })

    test('a label of the repository is found, and another one is absent', async () => {
      const { settings } = there
      expect(await settings.label('incident')).toMatchObject({ kind: 'found' })
      expect(await settings.label('no-such-label')).toEqual(absent)
    })

    test('environments are listed with their reviewers and branches', async () => {
      there.world.environment('production', { reviewers: { users: ['rhea'] } })
      there.world.environment('production-watch', { branchPolicy: 'protected' })
      expect(await there.settings.environments()).toEqual(
        found([
          { name: 'production', reviewers: ['rhea'], anyRef: true },
          { name: 'production-watch', reviewers: [], anyRef: false },
        ]),
      )
    })

    test('a reference is made, moved and removed; two jobs of a run have two', async () => {
      const run = { id: 7, attempt: 1 }
      const probes = await Promise.all(['', 'production'].map((job) => there.probe.probe(run, job)))
      expect(probes.map(({ failed }) => failed)).toEqual([[], []])
      expect(new Set(probes.map(({ ref }) => ref)).size).toBe(2)
      expect((await there.probe.probe(run, '')).left).toEqual(found([]))
    })

    test('answers are absent before the first job, stay with their date, and are replaced by newer ones', async () => {
      const { answers } = there
      expect(await answers.read('shop')).toEqual(absent)
      const first = answer('2026-11-01T08:00:00.000Z')
      const other = answer('2026-11-02T08:00:00.000Z', { subject: 'staging' })
      await answers.keep('shop', [first])
      await answers.keep('shop', [other])
      expect(await answers.read('shop')).toEqual(found([first, other]))
      const newer = answer('2026-11-30T08:00:00.000Z', { health: 'ill', value: 'absent', next: 'Mend it.' })
      await answers.keep('shop', [newer])
      expect(await answers.read('shop')).toEqual(found([newer, other]))
      expect(await answers.read('blog')).toEqual(absent)
    })

    test('two jobs that keep answers at once keep both', async () => {
      const { answers } = there
      const subjects = ['a', 'b', 'c']
      const at = '2026-11-30T09:00:00.000Z'
      await Promise.all(subjects.map((subject) => answers.keep('api', [answer(at, { subject })])))
      const kept = await answers.read('api')
      expect(kept.kind === 'found' && kept.value.map(({ subject }) => subject)).toEqual(subjects)
    })

    test('a hidden repository is unknown in every reading, and keeps nothing', async () => {
      there.hide()
      const { settings, probe, answers } = there
      const readings = [
        settings.isPublic(),
        settings.environments(),
        settings.server(),
        settings.rulesets('refs/rollgate/shop/production'),
        settings.deployments(),
        settings.label('incident'),
        answers.read('shop'),
      ]
      for (const reading of await Promise.all(readings)) expect(reading.kind).toBe('unknown')
      const { failed, left } = await probe.probe({ id: 8, attempt: 1 }, '')
      expect([failed.map(({ step }) => step), left.kind]).toEqual([['make'], 'unknown'])
      await expect(answers.keep('shop', [answer('2026-12-01T08:00:00.000Z')])).rejects.toMatchObject({
        code: 'permission-missing',
      })
    })
  })
}
