import type { EnvironmentWait, Wait } from '../../domain/question/pause.ts'
import type { Step } from '../../domain/step/step.ts'
import { rollStep } from '../../domain/step/steps-in.ts'
import { leaseAlerts } from '../outcome/lease-alerts.ts'
import { warningsAlert } from '../outcome/overridden.ts'
import type { View } from '../outcome/view.ts'
import { stepInWords } from '../plan/steps-in-words.ts'
import { deploymentTitle } from '../plan/title.ts'
import { logsLink } from '../text/logs-link.ts'
import { blocks, code, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import { answersTable, howToAnswer } from './answers.ts'
import { situation } from './situation.ts'

/** A bake asks no question; but a person who sees trouble may answer it. */
export function sayThatItBakes(view: View, pause: Wait): string {
  const { plan } = view
  const step = rollStep(plan.steps, pause.step)
  const bed = step?.testBed ?? []
  const names = bed.map(code).join(', ')
  const then = moment(pause.until)
  const compared = step?.service.testBed?.compare != null
  const good =
    step?.service.testBed?.onSuccess === 'ask' ? 'a person is asked to go on' : 'the others are changed'
  const judged = compared
    ? `${names} is compared with the others: better or equal, ${good}; worse or inconclusive, a person is asked.`
    : `if ${names} still serves ${text(plan.release.tag)}, ${good}; if not, a person is asked.`
  return onePage([
    {
      text: `## ⏳ ${deploymentTitle(plan)}: ${names} ${bed.length > 1 ? 'are' : 'is'} watched until ${then}`,
    },
    {
      text: blocks(
        `${names} ${bed.length > 1 ? 'serve' : 'serves'} ${text(plan.release.tag)} alone; nothing else is changed until ${then}. From then on the watch workflow, or this run again, continues: ${judged}`,
        leaseAlerts(view),
        warningsAlert(view),
      ),
    },
    { text: situation(view, pause) },
    { text: blocks('### What you can answer meanwhile', answersTable(view.plan, pause)) },
    { text: blocks('### How to answer', howToAnswer(view, pause)) },
  ])
}

export function sayThatAllBake(view: View, pause: EnvironmentWait): string {
  const { plan } = view
  const then = moment(pause.until)
  const step = plan.steps.find(({ id }) => id === pause.step)
  const serves = `Every service has ${text(plan.release.tag)}; the record says success only after the watch.`
  return onePage([
    { text: `## ⏳ ${deploymentTitle(plan)}: the whole environment is watched until ${then}` },
    {
      text: blocks(
        `${serves} From ${then} on the watch workflow, or this run again, judges that time: within its limits the release counts as serving; otherwise ${otherwise(step)}.`,
        step === undefined ? null : stepInWords(plan, step).replaceAll('<br>', ' · '),
        logsLink(plan),
        leaseAlerts(view),
        warningsAlert(view),
      ),
    },
    { text: situation(view, pause) },
    { text: blocks('### What you can answer meanwhile', answersTable(plan, pause)) },
    { text: blocks('### How to answer', howToAnswer(view, pause)) },
  ])
}

const otherwise = (step: Step | undefined): string =>
  step !== undefined && 'onFailure' in step && step.onFailure === 'roll-back'
    ? 'it is taken back unasked, or a person is asked where there is no verdict'
    : 'a person is asked'
