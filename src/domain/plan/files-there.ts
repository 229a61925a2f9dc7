import type { Command } from '../config/command.ts'
import { type RunnerCommand, runnerCommands } from '../config/runner-commands.ts'
import type { ProblemWords } from '../problem.ts'
import { entriesAt, isIgnored, nearPath, type ReleaseTree } from '../release/release-tree.ts'
import type { Step } from '../step/step.ts'
import { buildStep } from '../step/steps-in.ts'
import { modes } from './modes.ts'
import type { Mode } from './undertaking.ts'

/** A file that a command of a plan needs, and the release does not have. */
export interface FileFinding {
  readonly kind: 'no-folder' | 'no-file' | 'not-executable'
  readonly key: string
  readonly path: string
  /** A path beside it that one may have meant. */
  readonly near: string | null
  /** False if the file may have another source than git: a build, a set-up action, a file that git ignores. */
  readonly certain: boolean
}

/** The files of a release, as far as they could be looked at, and its `.gitignore`. */
export interface FilesSeen {
  readonly tree: ReleaseTree
  readonly ignored: string
}

/** The findings of a plan about the files that its commands name. `unread`: the reason why they are unknown. */
export interface FilesThere {
  readonly findings: readonly FileFinding[]
  readonly unread?: string
}

/** The user's own set-up action, which may bring any file. */
export const setUp = '.github/actions/rollgate-setup'

/**
 * Returns the missing files. Only plain paths are looked up: the folder of a command, and its first word, or
 * the script for its first word. All else is left to the run.
 */
export function missingFiles(steps: readonly Step[], { tree, ignored }: FilesSeen): FileFinding[] {
  const build = buildStep(steps)
  const builds = build !== null || tree.entries.has(setUp)
  const findings = steps.flatMap((step) =>
    runnerCommands(step).flatMap((one) => {
      const found = findingOf(one, tree)
      const early = step === build && !tree.entries.has(setUp)
      return found === null
        ? []
        : [{ ...found, certain: (early || !builds) && !isIgnored(found.path, ignored) }]
    }),
  )
  return findings.filter(({ path }, at) => findings.findIndex((other) => other.path === path) === at)
}

/** Returns every path that a plan would look up: without one the tree need not be fetched. */
export const pathsToLookUp = (steps: readonly Step[]): string[] =>
  steps.flatMap(runnerCommands).flatMap(({ command }) => pathsOf(command).map(({ path }) => path))

type FoundPath = Omit<FileFinding, 'certain'>

function findingOf({ key, command }: RunnerCommand, tree: ReleaseTree): FoundPath | null {
  for (const { kind, path } of pathsOf(command)) {
    const entries = entriesAt(tree, path)
    if (entries === null || entries.includes('elsewhere')) return null
    if (kind === 'folder') {
      if (entries.includes('folder')) continue
      return { kind: 'no-folder', key, path, near: nearPath(tree, path) }
    }
    if (!entries.some((entry) => entry !== 'folder'))
      return { kind: 'no-file', key, path, near: nearPath(tree, path) }
    if (kind === 'program' && !entries.includes('executable'))
      return { kind: 'not-executable', key, path, near: null }
  }
  return null
}

interface WantedPath {
  readonly kind: 'folder' | 'program' | 'script'
  readonly path: string
}

function pathsOf(command: Command): WantedPath[] {
  const folder = normal(command.workingDirectory)
  if (folder === null) return []
  const inFolder: WantedPath[] = folder === '' ? [] : [{ kind: 'folder', path: folder }]
  const named = fileOf(command)
  const path = named === null ? null : normal(`${folder}/${named.path}`)
  return named === null || path === null ? inFolder : [...inFolder, { ...named, path }]
}

const plainPath = /^(?:\.\/)?[\w@%+:,.-]+(?:\/[\w@%+:,.-]+)+$/
const interpreters = new Set(['sh', 'bash', 'dash', 'node', 'python', 'python3', 'ruby', 'perl', 'php'])

/** Returns the script or program of the checkout that a command runs, by its path from the folder of the job. */
export const scriptOf = (command: Command): string | null =>
  pathsOf(command).find(({ kind }) => kind !== 'folder')?.path ?? null

function fileOf({ run, shell }: Command): WantedPath | null {
  if (!/^(?:ba|da)?sh\b/.test(shell)) return null
  const lines = run.split('\n').map((line) => line.trim())
  const [line = ''] = lines.filter((text) => text !== '' && !/^#|^set -/.test(text))
  const [first = '', second = ''] = line.split(/[\s;&|<>()]+/)
  if (plainPath.test(first)) return { kind: 'program', path: first }
  const script = line.startsWith(`${first} ${second}`) && interpreters.has(first) && plainPath.test(second)
  return script ? { kind: 'script', path: second } : null
}

/** A path from the root without `.`; null where it leaves the checkout. */
function normal(path: string): string | null {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? null : parts.join('/')
}

export const fileRefusals = (mode: Mode, tag: string, { findings }: FilesThere): ProblemWords[] =>
  !modes[mode].mustHaveFiles
    ? []
    : findings
        .filter(({ certain }) => certain)
        .map((finding) => ({
          code: 'release-incomplete',
          what: describeFinding(tag, finding),
          why:
            finding.kind === 'not-executable'
              ? 'Git keeps it as mode 100644, and a shell cannot start such a file.'
              : 'The commit of the release was looked at: no build and no set-up action could bring it, and git does not ignore it.',
          next:
            finding.kind === 'not-executable'
              ? `Run git update-index --chmod=+x ${finding.path}, commit, and make a new release. Nothing was changed.`
              : 'Correct the config or add the file, and make a new release. A step of your job that makes it belongs into steps.build. Nothing was changed.',
        }))

export const fileWarnings = (mode: Mode, tag: string, { findings, unread }: FilesThere): string[] => [
  ...(unread === undefined
    ? []
    : [`It is unknown whether ${tag} has the files that its commands name: ${unread}`]),
  ...findings
    .filter(({ certain }) => !certain || !modes[mode].mustHaveFiles)
    .map((finding) => `${describeFinding(tag, finding)} Something must bring it before it runs.`),
]

function describeFinding(tag: string, { kind, key, path, near }: FileFinding): string {
  const meant = near === null ? '' : ` Is ${near} meant?`
  switch (kind) {
    case 'no-folder':
      return `${key} runs in ${path}, and ${tag} has no such folder.${meant}`
    case 'no-file':
      return `${key} runs ${path}, and ${tag} has no such file.${meant}`
    case 'not-executable':
      return `${key} runs ${path}, and in ${tag} that file is not executable.`
  }
}
