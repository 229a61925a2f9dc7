import { obstacleInWords } from '../../domain/ledger/obstacle.ts'
import { writtenPlan } from '../../domain/plan/written/plan.ts'
import type { DeploymentInputs } from '../../inputs/inputs.ts'
import { foresee } from '../../pipeline/plan/foresee.ts'
import { problemSummary } from '../../report/text/problem-text.ts'
import type { Hands } from '../run/hands.ts'
import { requestOf } from '../run/request.ts'
import { alreadyDeployedPage, keptWaitingPage, planPage, questionPage } from '../tell/pages.ts'
import { type CommandRow, type ExitCode, exits } from './command.ts'
import { type Paper, print } from './paper.ts'
import { gitHubOptions, terminalHands } from './terminal-hands.ts'

export const planCommand: CommandRow = {
  name: 'plan',
  takes: 'ENV [TAG]',
  does: 'shows the plan that a deployment would have',
  about:
    'Plans with your own token, by the config and the ledger at GitHub. Writes nothing, and runs no command. Without a TAG: with --mode rollback.',
  options: {
    mode: { value: 'MODE', does: '`deploy`, `rollback`, `restart` or `task`; default: deploy' },
    services: { value: 'NAMES', does: 'the services to restart; default: all' },
    task: { value: 'NAME', does: 'the task to run' },
    ...gitHubOptions,
  },
  async run(asked, terminal) {
    const [environment = '', release = ''] = asked.words
    const more = ['mode', 'services', 'task'].map((name) => [name, asked.value(name) ?? ''])
    const hands = await terminalHands(
      'plan',
      { environment, release, ...Object.fromEntries(more) },
      asked,
      terminal,
    )
    const { about } = hands.inputs
    if (about.kind === 'question') return exits.misused
    const [paper, code] = await foreseen(hands, about.deployment)
    print(paper, asked, terminal)
    return code
  },
}

async function foreseen(hands: Hands<'plan'>, asked: DeploymentInputs): Promise<[Paper, ExitCode]> {
  const found = await foresee(hands.ports, hands.config, requestOf(hands, asked), hands.doer)
  const result = (outcome: string, more: object) => ({ schema: 1, command: 'plan', outcome, ...more })
  switch (found.kind) {
    case 'already-deployed': {
      const page = alreadyDeployedPage(asked.environment, found.release)
      return [{ page, result: result('already-deployed', { release: found.release }) }, exits.fine]
    }
    case 'waits': {
      const { ledger, underway, pause } = found
      const page = await questionPage(hands, ledger, underway, pause)
      return [{ page, result: result('waiting', { pause }) }, exits.found]
    }
    case 'kept-waiting': {
      const page = await keptWaitingPage(hands, found)
      const problem = obstacleInWords(found.obstacle, found.ledger)
      return [{ page, result: result('refused', { problem }) }, exits.found]
    }
    case 'planned': {
      const { plan } = found
      const [problem] = plan.refusals
      const page = await planPage(hands, found)
      const told = problem === undefined ? page : `${page}\n${problemSummary(problem)}`
      const outcome = problem === undefined ? 'planned' : 'refused'
      return [
        { page: told, result: result(outcome, { plan: writtenPlan(plan) }) },
        problem === undefined ? exits.fine : exits.found,
      ]
    }
  }
}
