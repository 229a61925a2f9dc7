import { checkLines } from '../../report/act/check-report.ts'
import { checkConfig } from './check-config.ts'
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
    const checked = await checkConfig(terminal.folder, path, terminal.env)
    for (const line of checkLines(checked)) show(terminal, line)
    return checked.findings.some(({ weight }) => weight === 'problem') ? exits.found : exits.fine
  },
}
