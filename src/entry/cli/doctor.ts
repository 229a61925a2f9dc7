import { diagnose } from '../../domain/doctor/diagnosis.ts'
import { examine } from '../../pipeline/look/doctor.ts'
import { policyText } from '../../pipeline/plan/survey.ts'
import { doctorPage, keptAnswers } from '../../report/doctor/page.ts'
import { answersOf, settingsOf } from '../run/wire.ts'
import { type CommandRow, exits } from './command.ts'
import { print } from './paper.ts'
import { gitHubOptions, terminalHands } from './terminal-hands.ts'

export const doctorCommand: CommandRow = {
  name: 'doctor',
  takes: '',
  does: 'asks GitHub whether the repository is set up',
  about:
    'Reads the settings at GitHub with your own token, and writes nothing. Answers that only a job can give come from the last run of the form with do: doctor.',
  options: gitHubOptions,
  async run(asked, terminal) {
    const hands = await terminalHands('status', { observe: 'false' }, asked, terminal)
    const { ports, config, inputs, runner, app } = hands
    const source = await policyText(ports.repository, inputs.config)
    const policies = config.readPolicies(source)
    const kept = keptAnswers(await answersOf(inputs, runner).read(policies[0]?.app ?? app))
    const seen = diagnose(policies, await examine(settingsOf(inputs, runner), ports, policies))
    const answers = [...seen, ...kept.answers]
    const at = ports.clock.now().toISOString()
    const result = { schema: 1, command: 'doctor', at, answers }
    print({ page: doctorPage(answers, at, kept.notes), result }, asked, terminal)
    if (answers.some(({ health }) => health === 'ill')) return exits.found
    return answers.some(({ health }) => health === 'unknown') ? exits.unknown : exits.fine
  },
}
