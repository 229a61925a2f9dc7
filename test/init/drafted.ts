import type { SetUpAnswers } from '../../src/init/answers.ts'
import { type Draft, drafted } from '../../src/init/draft.ts'
import { ask, type Given } from '../../src/init/questions.ts'
import { type Recognised, recognise } from '../../src/init/recognise.ts'
import { isTelling, type RepositorySeen } from '../../src/init/repository.ts'
import type { Files } from './repositories.ts'

/** A repository as `rollgate init` would see it. */
export const seen = (files: Files, name = 'shop'): RepositorySeen => ({
  name,
  paths: Object.keys(files),
  texts: new Map(Object.entries(files).filter(([path]) => isTelling(path))),
})

/** Returns the app that a repository holds. Throws where it holds none, or several. */
export function appOf(files: Files, chosen: { path?: string; as?: string } = {}): Recognised {
  const found = recognise(seen(files), { path: chosen.path ?? null, as: chosen.as ?? null })
  if (found.kind !== 'app') throw new Error(`no single app: ${found.kind}`)
  return found.app
}

/** Returns the answers of a person who presses return wherever nothing is given. */
export async function answersTo(app: Recognised, given: Given = {}): Promise<SetUpAnswers> {
  const answers = await ask(app, { given, put: async ({ usual }) => usual })
  if (answers === null || answers.kind === 'not') throw new Error(answers?.words ?? 'nothing was answered')
  return answers.value
}

export async function draftOf(
  files: Files,
  {
    given = {},
    ignored = false,
    ...chosen
  }: { given?: Given; ignored?: boolean; path?: string; as?: string } = {},
): Promise<Draft> {
  const app = appOf(files, chosen)
  const answers = await answersTo(app, given)
  return drafted(app, { repository: seen(files), answers, ignored })
}
