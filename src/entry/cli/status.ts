import { doctorNote } from '../../report/doctor/page.ts'
import { statusResult } from '../../report/status/output.ts'
import { statusSummary } from '../../report/status/summary.ts'
import { lookAt } from '../doors/status.ts'
import { answersOf } from '../run/wire.ts'
import { type CommandRow, exits } from './command.ts'
import { print } from './paper.ts'
import { gitHubOptions, terminalHands } from './terminal-hands.ts'

export const statusCommand: CommandRow = {
  name: 'status',
  takes: '[ENV]',
  does: 'shows what serves, and what waits for a person',
  about: 'Reads the ledgers at GitHub with your own token, asks no instance, and writes nothing.',
  options: gitHubOptions,
  async run(asked, terminal) {
    const [environment = ''] = asked.words
    const hands = await terminalHands('status', { environment, observe: 'false' }, asked, terminal)
    const view = await lookAt(hands)
    const { inputs, runner, app } = hands
    const note = doctorNote(await answersOf(inputs, runner).read(view.environments[0]?.app ?? app))
    print({ page: `${statusSummary(view)}\n${note}`, result: statusResult(view) }, asked, terminal)
    return view.environments.some(({ memory }) => memory.kind === 'unknown') ? exits.unknown : exits.fine
  },
}
