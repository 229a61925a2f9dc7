import { kindWords, type Recognised, recognise } from '../../../init/recognise.ts'
import { type CommandRow, type CommandWords, type ExitCode, exits, type Terminal } from '../command.ts'
import { harmless, show } from '../shown.ts'
import { type Person, personAtTerminal } from './asking.ts'
import { leave } from './leave.ts'
import { configOf, wrongOptions } from './options.ts'
import { see } from './see.ts'
import { givenAnswers, refused } from './set-up.ts'
import { upgrade } from './upgrade.ts'
import { wholeSetUp } from './whole-set-up.ts'
import { workflowsAlone } from './workflows-alone.ts'

export const initCommand: CommandRow = {
  name: 'init',
  takes: '',
  does: 'sets up a repository: config, two workflows and a script',
  about: `Looks at the files that git knows, asks at most five questions, and writes what is missing. A file that is there
stays as it is. Run twice, it changes nothing.`,
  options: {
    yes: { short: 'y', does: 'takes every usual answer' },
    'dry-run': { does: 'shows the files and changes nothing' },
    environments: { value: 'NAMES', does: 'the environments, like "staging production"' },
    hosts: {
      value: 'HOSTS',
      does: 'runner, or hosts over ssh: "staging: s-1; production: deploy@web-1 web-2=10.0.0.2"',
    },
    health: { value: 'PATH', does: 'the path or address that answers 200 when an instance is up' },
    port: { value: 'NUMBER', does: 'the port of the first instance, where the app is told one by PORT' },
    runner: { value: 'LABELS', does: 'the labels of the runner; default: self-hosted' },
    approvers: { value: 'PEOPLE', does: "logins and teams; default: GitHub's reviewers of the environment" },
    folder: { value: 'PATH', does: 'the folder of the app, where a repository holds several' },
    as: { value: 'KIND', does: `the kind of the app: ${kindWords.join(', ')}` },
    config: { value: 'PATH', does: 'the path of a config that is there already' },
    with: { value: 'buttons', does: 'a form of its own for each word, beside the form for everything' },
    reusable: { does: 'callers of the reusable workflows, for repositories of the owner of Rollgate alone' },
    upgrade: { does: 'brings the workflows of an older version to this one, and shows the difference' },
    'overwrite-edited': { does: 'with --upgrade: also workflows that were edited' },
    remove: { does: 'says how to leave Rollgate, and changes nothing' },
  },
  run: (asked, terminal) => initialise(asked, terminal, personAtTerminal),
}

/** Runs the command. `person` opens the terminal for questions, if there are any. */
export async function initialise(
  asked: CommandWords,
  terminal: Terminal,
  person: () => Person,
): Promise<ExitCode> {
  const say = (text: string): void => terminal.write(`${harmless(text)}\n`)
  if (asked.has('remove')) return leave(await see(terminal.folder, terminal.env), say)
  const given = givenAnswers(asked)
  const options = ['folder', 'as', 'config'].some((name) => asked.value(name) !== null)
  const mayAsk = terminal.interactive && !asked.has('yes')
  if (asked.has('upgrade')) return upgrade({ asked, terminal, person, say })
  if (!mayAsk && !asked.has('yes') && !asked.has('dry-run') && !options && Object.keys(given).length === 0) {
    show(terminal, {
      tone: 'problem',
      text: 'No questions can be asked here: run rollgate init --yes for the usual answers, or give them (rollgate init --help).',
    })
    return exits.misused
  }
  const seen = await see(terminal.folder, terminal.env)
  const wrong = wrongOptions(asked, seen)
  if (wrong !== null) return refused(terminal, wrong)
  const config = configOf(asked, seen)
  if (config.kind === 'several') return refused(terminal, config.words)
  const app = recognise(seen.repository, { path: asked.value('folder'), as: asked.value('as') })
  if (config.kind === 'none' && app.kind === 'empty')
    return refused(terminal, 'There are no files here yet: nothing tells what is to be deployed.')
  if (config.kind === 'none' && app.kind === 'several')
    return refused(
      terminal,
      `This repository holds ${app.folders.length} apps: name one, like rollgate init --folder ${app.folders[0]}. There are ${app.folders.slice(0, 12).join(', ')}.`,
    )
  const setUp = { asked, terminal, person, say, seen, given, mayAsk }
  if (config.kind === 'there') return workflowsAlone(setUp, config.path)
  return app.kind === 'app' ? wholeSetUp(setUp, atPort(app.app, asked.value('port'))) : exits.found
}

const atPort = (app: Recognised, port: string | null): Recognised =>
  port === null ? app : { ...app, sketch: { ...app.sketch, port: Number(port) } }
