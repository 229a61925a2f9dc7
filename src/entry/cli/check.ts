import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { checkEnvironment } from '../../domain/plan/check.ts'
import { Problem } from '../../domain/problem.ts'
import { readPolicies, readRecipe } from '../../inputs/config/read.ts'
import { type CheckLine, checkLines } from '../../report/act/check-report.ts'
import { readIndex } from '../run/wire.ts'
import { type CommandRow, exits } from './command.ts'
import { show } from './shown.ts'

const defaultPath = '.github/rollgate.yml'

export const checkCommand: CommandRow = {
  name: 'check',
  takes: '[file]',
  does: 'checks a config and the files that its commands name',
  about: `The file is ${defaultPath} if none is named. Nothing is run, nothing is changed, no network is asked.`,
  options: {},
  async run({ words: [path = defaultPath] }, terminal) {
    const { lines, passed } = await checkFile(terminal.folder, path, terminal.env)
    for (const line of lines) show(terminal, line)
    return passed ? exits.fine : exits.found
  },
}

/** The end of a check: its lines, and true if nothing keeps a first deployment from being planned. */
interface CheckEnded {
  readonly lines: readonly CheckLine[]
  readonly passed: boolean
}

/**
 * Checks a config, and the files of its checkout that its commands name. Reads files and git's index, runs no command of
 * the project and asks no network. Throws a Problem for a config that cannot be read.
 */
async function checkFile(folder: string, path: string, env: NodeJS.ProcessEnv): Promise<CheckEnded> {
  const index = await readIndex(folder, env)
  if (index.kind === 'unread') throw noCheckout(folder, index.words)
  const file = resolve(folder, path)
  const source = { path: relative(index.root, file), text: textOf(file, path), commit: 'your working tree' }
  const checked = readPolicies(source).map((policy) => {
    const recipe = readRecipe(source, { source, environment: policy.name })
    return checkEnvironment(policy, recipe, index.files)
  })
  const passed = checked.every(({ problems }) => problems.length === 0)
  return { lines: checkLines(source.path, checked), passed }
}

function textOf(file: string, path: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException
    throw new Problem('config-missing', {
      what: `${code === 'ENOENT' ? `There is no ${path} here` : `${path} cannot be read`}: ${code}.`,
      why: 'The config is looked for in the folder in which the command runs.',
      next: 'Run it in the root of the repository, or name the file: rollgate check path/to/rollgate.yml.',
    })
  }
}

const noCheckout = (folder: string, words: string): Problem =>
  new Problem('checkout-unknown', {
    what: `The files of ${folder} cannot be listed: ${words}`,
    why: 'A release has the files that git knows, and no others.',
    next: 'Run the command in a git checkout of the project.',
  })
