import { instancesApart, type Outcome, outcomeWord, proofPassedBy } from '../../domain/journal/outcome.ts'
import { isDatabaseBack } from '../../domain/journal/steps-back.ts'
import { leaseWords } from '../../domain/ledger/lease-words.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'

import { serviceSteps } from '../../domain/step/steps-in.ts'
import { formBlock } from '../form/form-block.ts'
import { undertakingFields } from '../form/undertaking-fields.ts'
import { modeWords } from '../plan/mode-words.ts'
import { wavesInWords } from '../plan/waves-in-words.ts'
import { blocks, code, counted, link, text } from '../text/markdown.ts'
import { hasBegun } from './timeline.ts'
import { type State, standingOf, startedBy, type View } from './view.ts'

/** Returns the next step for the reader, as Markdown. */
export function nextStep(view: View, state: Exclude<State, { kind: 'waiting' }>): string {
  switch (state.kind) {
    case 'ended':
      return afterTheEnd(view, state.outcome)
    case 'interrupted':
      return blocks(
        `Run the workflow again for ${place(view.plan)}: it looks at every instance, asks about a step whose outcome is not known, and continues with the missing steps.`,
        view.form?.kind === 'whole' ? formBlock(view.form, undertakingFields(view.plan)) : null,
      )
    case 'running':
      return `Nothing: the run is at work.`
  }
}

const place = ({ environment }: Plan): string => code(environment.name)

function afterTheEnd(view: View, outcome: Outcome): string {
  const { detour, leases } = view.ledger
  if (detour !== null) return inOpenDetour(view, outcome, detour.id)
  const left = leases.map(
    ({ kind }) => ` **See that the ${leaseWords[kind].thing} is ${leaseWords[kind].givenBack}.**`,
  )
  return `${afterOutcome(view, outcome)}${left.join('')}`
}

/** A detour outlives its deployment: neither a rollback nor a scheduler that is resumed by hand fits it. */
function inOpenDetour(view: View, outcome: Outcome, id: string): string {
  const words = outcome.kind === 'abandoned' ? leftAsItWas : afterOutcome(view, outcome)
  const kept = view.ledger.leases.map(({ kind }) => {
    const { thing, taken } = leaseWords[kind]
    return ` The ${thing} stays ${taken} until then: do not change that by hand.`
  })
  return `${words} **The detour ${id} is open, and visitors may be on its stand-in.** Deploy a release, which goes on in the same detour, or close it by its name: \`do: close-detour\` with the option \`detour=${id}\`.${kept.join('')}`
}

const leftAsItWas = 'Everything was left as it was at that moment.'

function afterOutcome(view: View, outcome: Outcome): string {
  const { plan } = view
  const tag = text(plan.release.tag)
  switch (outcome.kind) {
    case 'succeeded':
      return modes[plan.mode].changesEnvironment
        ? [...reservations(tag, outcome), watching(view), following(view, outcome)].join(' ').trim()
        : `${tag} is built. Nothing of ${place(plan)} has changed: deploy it when its time has come.`
    case 'rolled-back': {
      const older = text(plan.from?.tag ?? 'the release before')
      const data = isDatabaseBack(plan, standingOf(view))
        ? 'The database is as it was when visitors left it: what was written at home since is gone.'
        : 'This took back the configuration and the code, not the data that was written meanwhile.'
      return `${wentBack(outcome, older)} ${data} Correct what failed, and deploy a new release.`
    }
    case 'failed':
      if (outcome.failure.next !== undefined) return text(outcome.failure.next)
      return outcome.stays.length === 0
        ? 'Correct what failed, and run the workflow again.'
        : 'Read below what stays as it is, correct what failed, and run the workflow again.'
    case 'rejected':
      return 'Nothing was changed. Start a new run when the reason is gone.'
    case 'cancelled':
      return 'Run the workflow again if you still want it.'
    case 'abandoned':
      return modeWords[plan.mode].abandoned ?? whenAbandoned(view)
  }
}

const whenAbandoned = ({ plan, journal }: View): string =>
  serviceSteps(plan.steps).some((step) => hasBegun(journal, step.id))
    ? `Everything was left as it was at that moment, and ${place(plan)} may run two releases. Deploy or roll back to make it one again.`
    : `${leftAsItWas} Deploy again when the reason is gone.`

/** The end of a way back. A thing that a person counted as done, or left out, was not seen to be back. */
function wentBack({ forced, excluded }: Extract<Outcome, { kind: 'rolled-back' }>, older: string): string {
  const apart = [...forced, ...excluded]
  if (apart.length === 0) return `Everything that was changed runs ${older} again.`
  const names = apart.map(code).join(', ')
  return `Apart from ${names}, everything that was changed runs ${older} again: **see to ${apart.length === 1 ? 'that one' : 'those'}**.`
}

type Succeeded = Extract<Outcome, { kind: 'succeeded' }>

function reservations(tag: string, outcome: Succeeded): string[] {
  const left = instancesApart(outcome).length
  const words: string[] = []
  if (left > 0)
    words.push(
      `See to the ${counted(left, 'instance')} below that ${left === 1 ? 'was' : 'were'} not seen to serve ${tag}; a redeployment of ${tag} then changes only ${left === 1 ? 'that one' : 'those'}.`,
    )
  const passedBy = proofPassedBy(outcome)
  if (passedBy.length > 0)
    words.push(
      `${passedBy.map(code).join(' and ')} did not pass and was counted as done: ${tag} has no proof here.`,
    )
  if (outcome.afterwards !== null)
    words.push(
      `${tag} does serve. Look at the hook that failed afterwards, and run it by hand if it is needed: it is not repeated.`,
    )
  return words
}

/** A release without its whole proof goes nowhere by itself. */
const following = ({ plan }: View, outcome: Succeeded): string =>
  outcomeWord(outcome) === 'succeeded' ? (wavesInWords(plan) ?? '') : ''

/** Asks the person who started it to watch the changed instances. */
function watching({ plan, journal }: View): string {
  const { url, name } = plan.environment
  const people = startedBy({ journal }).map((login) => `**${text(login)}**`)
  const where = url === null ? code(name) : link(text(url), url)
  return `${people.length === 0 ? 'Please' : `${people.join(', ')}, please`} watch ${where}.`
}
