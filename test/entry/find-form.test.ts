import { expect, test } from 'vitest'
import { absent, found, type Reading, unknown } from '../../src/domain/reading.ts'
import { formsOf } from '../../src/entry/run/find-form.ts'
import { readRunner } from '../../src/inputs/runner.ts'

const runBy = (file: string) =>
  readRunner({
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '70',
    GITHUB_ACTOR: 'ada',
    GITHUB_WORKFLOW_REF: `acme/shop/.github/workflows/${file}@refs/heads/main`,
  })

/** A repository whose one form gives this reading, and the paths that were asked for. */
function repositoryWith(reading: Reading<string>) {
  const asked: string[] = []
  const file = async (path: string, commit: string | null) => {
    asked.push(`${path} at ${commit}`)
    return reading
  }
  return { asked, file }
}

test('the run of a form names that form, and asks GitHub for nothing', async () => {
  for (const file of ['rollgate.yml', 'rollgate-decide.yml']) {
    const repository = repositoryWith(absent)
    const forms = formsOf(repository, runBy(file))
    expect((await forms.find()).workflow).toBe(file)
    expect(forms.own?.workflow).toBe(file)
    expect(repository.asked).toEqual([])
  }
})

test('any other run looks once if the default branch has the one form', async () => {
  const why = { code: 'permission-missing', what: 'No answer.', why: 'It is down.', next: 'Wait.' } as const
  const readings = [
    [found('on: workflow_dispatch'), 'rollgate.yml'],
    [absent, 'rollgate-decide.yml'],
    [unknown(why), 'rollgate-decide.yml'],
  ] as const
  for (const [reading, form] of readings) {
    const repository = repositoryWith(reading)
    const forms = formsOf(repository, runBy('rollgate-watch.yml'))
    expect(forms.own).toBeNull()
    expect([await forms.find(), await forms.find()].map(({ workflow }) => workflow)).toEqual([form, form])
    expect(repository.asked).toEqual(['.github/workflows/rollgate.yml at null'])
  }
})
