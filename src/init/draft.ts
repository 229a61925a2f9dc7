import type { SetUpAnswers } from './answers.ts'
import { healthAddress } from './config/parts.ts'
import { writeConfig } from './config/write-config.ts'
import type { Recognised } from './recognise.ts'
import type { RepositorySeen } from './repository.ts'
import { unbuilt } from './script/engine-script.ts'
import { guardsIn } from './script/guard.ts'
import { writeScript } from './script/script.ts'
import { variablesOf } from './variables.ts'

/** A file to write into the repository. */
export interface FileDraft {
  readonly path: string
  readonly text: string
  readonly executable: boolean
}

export const configPath = '.github/rollgate.yml'

/** The files that a repository gets, and what a person still has to fill in. */
export interface Draft {
  readonly files: readonly FileDraft[]
  readonly script: FileDraft
  readonly variables: readonly string[]
  readonly missing: readonly string[]
  /** The work of each command that is left to a person. */
  readonly guarded: readonly string[]
}

/** Returns the config and the script for an app. Its workflows come from elsewhere: they are the same for all. */
export function drafted(
  app: Recognised,
  {
    repository,
    answers,
    ignored,
  }: { readonly repository: RepositorySeen; readonly answers: SetUpAnswers; readonly ignored: boolean },
): Draft {
  const { sketch, folder } = app
  const variables = variablesOf(folder)
  const made = { app: nameOf(folder.name), folder, sketch, running: sketch.running, variables }
  const path = scriptPath(repository, ignored)
  const written = writeScript(made, {
    packs: answers.where.kind === 'ssh',
    asksAddress: healthAddress(made, answers) !== null,
  })
  const script = { path, text: written.text, executable: true }
  const config = writeConfig({ made, answers, script: written, scriptPath: path })
  return {
    files: [{ path: configPath, text: config, executable: false }, script, ...lineEnds(repository, path)],
    script,
    variables,
    missing: [...sketch.missing, ...withoutBuild(app)],
    guarded: guardsIn(written.text),
  }
}

/** A service without an adapter has a sentence of its own already. */
function withoutBuild({ sketch: { running, missing }, folder }: Recognised): readonly string[] {
  if (running.kind !== 'engine' || missing.length > 0) return []
  const sentence = unbuilt(folder, running.services)
  return sentence === null ? [] : [sentence]
}

/** Returns a name as an app, a service and a folder may have it. */
export function nameOf(text: string): string {
  const known = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 60)
    .replace(/[^a-z0-9]+$/, '')
  return known === '' ? 'app' : known
}

/** The script lies in `bin`, unless git ignores it there, as it does in many repositories of .NET and Java. */
function scriptPath({ paths }: RepositorySeen, ignored: boolean): string {
  return ignored || paths.includes('bin') ? '.github/rollgate/instance' : 'bin/rollgate-instance'
}

/** A repository whose texts are checked out with the line ends of Windows: a shell cannot start such a script. */
function lineEnds({ texts }: RepositorySeen, path: string): readonly FileDraft[] {
  const attributes = texts.get('.gitattributes') ?? ''
  if (!/^[^#\n]*\beol=crlf\b/m.test(attributes)) return []
  const [, folder = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? []
  return [{ path: `${folder}/.gitattributes`, text: `${name} text eol=lf\n`, executable: false }]
}
