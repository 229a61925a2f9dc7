import type { Instance, PrepareRecipe } from '../domain/config/fleet.ts'
import type { Failure } from '../domain/question/decision.ts'
import type { ReleaseThere } from '../domain/release/kept-releases.ts'
import type { Finished, ReleaseFolders, Variables, Watch } from '../pipeline/ports.ts'
import { sayEnding } from './ending.ts'
import { folderNamed } from './folder-name.ts'
import { beginRelease, clearReleases, finishRelease, listReleases } from './release-scripts.ts'
import { causeOf } from './ssh/unwritten.ts'

/** The top folder of releases, in the home of the login. */
const TOP = '.rollgate-releases'

/** The parts of a path that Rollgate's variables name. An instance has a folder of its own, wherever it lives. */
function releasePlace(variables: Variables): string {
  const { ROLLGATE_APP, ROLLGATE_ENVIRONMENT, ROLLGATE_SERVICE, ROLLGATE_INSTANCE } = variables
  const parts = [ROLLGATE_APP, ROLLGATE_ENVIRONMENT, ROLLGATE_SERVICE, ROLLGATE_INSTANCE]
  return [TOP, ...parts.map((part = '') => folderNamed(part))].join('/')
}

/** Returns the path of the folder of a command's release, from the home of the login. */
const releaseFolder = (variables: Variables): string => `${releasePlace(variables)}/${commitIn(variables)}`

/** The variable for commands of a service that prepares its releases. Nothing where they are about no release. */
export const releaseDirectory = (
  prepare: PrepareRecipe | null,
  home: string,
  variables: Variables,
): Variables =>
  prepare === null || variables.ROLLGATE_SHA === undefined
    ? {}
    : { ROLLGATE_RELEASE_DIR: `${home}/${releaseFolder(variables)}` }

function commitIn({ ROLLGATE_SHA: sha = '' }: Variables): string {
  if (!/^[0-9a-f]{7,64}$/.test(sha)) throw new Error(`${JSON.stringify(sha)} is no commit`)
  return sha
}

/** Runs a script in the home of an instance's login, and hears the lines of its stdout. */
export type ScriptRunner = (
  instance: Instance,
  script: string,
  variables: Variables,
  signal: AbortSignal,
) => Promise<{ readonly finished: Finished; readonly lines: readonly string[]; readonly where: string }>

/**
 * Folders of releases on instances, wherever a script can be run for them. `fileOf`: the path of the file that a release
 * comes with, from the home of the login; empty where it comes with none.
 */
export function createReleaseFolders(
  run: ScriptRunner,
  fileOf: (variables: Variables) => string = () => '',
): ReleaseFolders {
  async function said(
    instance: Instance,
    script: string,
    variables: Variables,
    { signal }: Watch,
    more: Variables = {},
  ): Promise<Said | Failure> {
    const about = {
      PLACE: releasePlace(variables),
      SHA: commitIn(variables),
      TAG: variables.ROLLGATE_RELEASE ?? '-',
      LC_ALL: 'C',
      ...more,
    }
    const { finished, lines, where } = await run(instance, script, about, signal)
    if (finished.kind === 'exited' && finished.code === 0) return { lines, where }
    return failureOn(where, finished)
  }

  /** Null if the script ends with this word. */
  async function done(word: string, answer: Promise<Said | Failure>): Promise<Failure | null> {
    const said = await answer
    if ('code' in said) return said
    const last = said.lines.at(-1) ?? ''
    if (last === word) return null
    return last === 'gone' ? folderGone(said.where) : cutOff(said)
  }

  return {
    async list(instance, variables, watch) {
      const answer = await said(instance, listReleases, variables, watch, { FILE: fileOf(variables) })
      if ('code' in answer) return answer
      // Cut off it would say of releases that they are absent.
      if (answer.lines.at(-1) !== 'end') return cutOff(answer)
      return answer.lines.slice(0, -1).flatMap(releaseIn)
    },
    begin: (instance, variables, watch) => done('begun', said(instance, beginRelease, variables, watch)),
    finish: (instance, variables, digest, watch) =>
      done('marked', said(instance, finishRelease, variables, watch, { DIGEST: digest ?? '-' })),
    clear: (instance, variables, commits, watch) =>
      done('cleared', said(instance, clearReleases, variables, watch, { NAMES: commits.join(' ') })),
  }
}

interface Said {
  readonly lines: readonly string[]
  readonly where: string
}

/** Nothing for a line about another file, which Rollgate did not put there. */
function releaseIn(line: string): ReleaseThere[] {
  const [, state, sha, digest, tag, filed] =
    /^(whole|begun|gone) ([0-9a-f]{7,64}) (\S+) (\S+)( filed)?$/.exec(line) ?? []
  if (state === undefined || sha === undefined || tag === undefined) return []
  const one = { sha, tag, whole: state === 'whole', digest: digest === '-' ? null : (digest ?? null) }
  return [filed === undefined ? one : { ...one, hasFile: true }]
}

function failureOn(where: string, finished: Finished): Failure {
  if (finished.kind === 'unreachable') return finished.failure
  if (finished.kind === 'stopped')
    return {
      code: 'interrupted',
      what: `Preparing ${where} was ended because the run was cancelled.`,
      tail: [],
    }
  const { tail } = finished
  const cause = causeOf(tail, `~/${TOP}`)
  if (cause === null)
    return {
      code: 'command-failed',
      what: `The script that makes the folders of releases on ${where} ${sayEnding(finished)}.`,
      tail,
    }
  return {
    code: 'host-unfit',
    what: `The folder of the release could not be made on ${where}: ${cause}.`,
    tail,
    next: 'See to it that the login has room there and may write. The release that serves there was not touched.',
  }
}

const folderGone = (where: string): Failure => ({
  code: 'host-unfit',
  what: `The folder of the release on ${where} was gone when it had been prepared (~/${TOP}).`,
  tail: [],
  next: 'See to it that the command fills the folder that ROLLGATE_RELEASE_DIR names and that nothing else removes it, then try again.',
})

const cutOff = ({ where, lines }: Said): Failure => ({
  code: 'host-unfit',
  what: `The script that makes the folders of releases on ${where} was cut off: its answer has no end.`,
  tail: lines.slice(-3),
})
