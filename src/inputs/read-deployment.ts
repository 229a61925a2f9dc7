import { closings } from '../domain/plan/undertaking.ts'
import { decisions } from '../domain/question/decision.ts'
import type { AnswerInputs, DeploymentInputs, InputsByCommand, UndertakingInputs } from './inputs.ts'
import { readShownPlan } from './read-shown-plan.ts'
import { readSoaked, readStart } from './scheduling.ts'
import { choose, type Taking } from './taking.ts'

/** The commands that deploy, by the words of the input `mode`. */
const deploying = ['deploy', 'rollback', 'restart', 'task'] as const
type Deploying = (typeof deploying)[number]

export function readShown(from: Taking): InputsByCommand['plan']['about'] {
  const mode = from.oneOf('mode', [...deploying, 'decision'])
  if (mode !== 'decision') return { kind: 'deployment', deployment: readDeployment(from, mode) }
  return { kind: 'question', answer: from.text('pause') === '' ? null : readAnswer(from) }
}

export function readGated(from: Taking): InputsByCommand['gate']['about'] {
  const mode = from.oneOf('mode', [...deploying, 'decision', 'converge', 'compare', 'doctor'])
  switch (mode) {
    case 'decision':
      return { kind: 'answer', answer: readAnswer(from) }
    case 'converge':
      return { kind: 'convergence' }
    case 'compare':
      return { kind: 'comparison' }
    case 'doctor':
      return { kind: 'examination' }
    default:
      return { kind: 'deployment', deployment: readDeployment(from, mode) }
  }
}

export const readAnswer = (from: Taking): AnswerInputs => ({
  pause: from.required('pause'),
  decision: choose('decision', from.required('decision'), decisions),
  instances: from.names('instances'),
  reason: from.own('reason'),
  override: from.text('override-freeze'),
})

export const readDeployment = (from: Taking, command: Deploying): DeploymentInputs => ({
  environment: from.own('environment'),
  undertaking: undertakings[command](from),
  release: from.own('release') || null,
  confirm: from.text('confirm'),
  override: from.text('override-freeze'),
  shown: readShownPlan(from.text('plan')),
})

const undertakings: { readonly [D in Deploying]: (from: Taking) => UndertakingInputs } = {
  deploy: readDeploy,
  rollback: (from) => ({ mode: 'rollback', acknowledgeDataLoss: from.flag('acknowledge-data-loss') }),
  restart: (from) => ({ mode: 'restart', services: from.names('services') }),
  task: (from) => ({ mode: 'task', task: from.own('task') }),
}

function readDeploy(from: Taking): UndertakingInputs {
  const soaked = readSoaked(from.text)
  if (soaked !== null) return { mode: 'complete-migration', soaked }
  const schedule = readStart(from.text)
  switch (
    choose('only', from.text('only') || 'all', [
      ...(['all', 'scheduler', 'build', 'maintenance-on', 'maintenance-off', 'close-detour'] as const),
      ...(['discard-failed-home', 'restore', 'complete-migration'] as const),
    ])
  ) {
    case 'complete-migration':
      return { mode: 'complete-migration', soaked: null }
    case 'scheduler':
      return { mode: 'scheduler-run' }
    case 'build':
      return { mode: 'build' }
    case 'maintenance-on':
      return { mode: 'maintenance-on' }
    case 'maintenance-off':
      return { mode: 'maintenance-off' }
    case 'close-detour':
      return {
        mode: 'close-detour',
        closes: from.own('open-detour'),
        as: choose('as', from.text('as') || closings[0], closings),
        acknowledgeDataLoss: from.flag('acknowledge-data-loss'),
      }
    case 'discard-failed-home':
      return { mode: 'discard-failed-home', discards: from.own('open-detour') }
    case 'restore':
      return { mode: from.flag('detour') ? 'restore-aside' : 'restore', backup: from.own('backup') }
    case 'all':
      return {
        mode: 'deploy',
        redeploy: from.flag('redeploy'),
        reset: from.flag('reset'),
        changeBase: from.flag('change-base'),
        acknowledgeOlder: from.flag('acknowledge-older'),
        without: {
          verified: from.text('override-verified'),
          rehearsed: from.text('override-rehearsed'),
        },
        overrideHalt: from.text('override-halt'),
        testBed: from.names('test-bed'),
        schedule,
        detour: from.flag('detour'),
        rollForward: from.flag('roll-forward'),
      }
  }
}
