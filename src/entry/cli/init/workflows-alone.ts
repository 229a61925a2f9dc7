import { readLabels } from '../../../init/answers.ts'
import { callersReach } from '../../../init/words/next-steps.ts'
import { type ExitCode, exits } from '../command.ts'
import { look } from './disk.ts'
import { refused, type SetUp, shapeOf } from './set-up.ts'
import { workflowFiles } from './workflow-files.ts'
import { write } from './write.ts'

/** The workflows of a config that a team has already: nothing but the runner has to be known. */
export async function workflowsAlone(setUp: SetUp, config: string): Promise<ExitCode> {
  const { seen, say, terminal, given, mayAsk, person } = setUp
  if (look(seen.root, config).kind !== 'file') return refused(terminal, `There is no config at ${config}.`)
  const shape = shapeOf(setUp.asked)
  const files = await workflowFiles({ runsOn: ['self-hosted'], config, shape }, terminal.env)
  say(`${config} is there, and stays.`)
  if (files.every((file) => look(seen.root, file.path).kind === 'file')) {
    say(
      'The workflows are there too: nothing to do. rollgate init --upgrade compares them with this version.',
    )
    return exits.fine
  }
  const asker = given.runner === undefined && mayAsk ? person() : null
  const text =
    given.runner ??
    (await asker?.put(
      { name: 'runner', text: 'Which label does the runner have that deploys?', usual: 'self-hosted' },
      null,
    )) ??
    ''
  asker?.close()
  const labels = readLabels(text)
  if (labels.kind === 'not') return refused(terminal, labels.words)
  const written = write(setUp, await workflowFiles({ runsOn: labels.value, config, shape }, terminal.env))
  if (written === null) return exits.found
  if (shape === 'callers') say(callersReach)
  return exits.fine
}
