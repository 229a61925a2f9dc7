import {
  readApprovers,
  readEnvironments,
  readHealth,
  readLabels,
  readWhere,
  type SetUpAnswers,
  type Understood,
} from './answers.ts'
import type { Recognised } from './recognise.ts'

/** The questions of `rollgate init`, by the option that answers each beforehand. */
export const questionNames = ['environments', 'hosts', 'health', 'runner', 'approvers'] as const

export type QuestionName = (typeof questionNames)[number]

/** A question, with the answer of a person who only presses return. */
export interface InitQuestion {
  readonly name: QuestionName
  readonly text: string
  readonly usual: string
}

/** Returns the answer to a question; null ends everything. */
export type AskUser = (question: InitQuestion, wrong: string | null) => Promise<string | null>

/** Answers that were given beforehand, as they were written. */
export type Given = Readonly<Partial<Record<QuestionName, string>>>

/** Puts each question that is not answered yet. Null if a person ends it. */
export async function ask(
  app: Recognised,
  { given, put }: { readonly given: Given; readonly put: AskUser },
): Promise<Understood<SetUpAnswers> | null> {
  const answered = async <Value>(
    question: InitQuestion,
    read: (text: string) => Understood<Value>,
  ): Promise<Understood<Value> | null> => {
    const before = given[question.name]
    if (before !== undefined) return read(before)
    for (let wrong: string | null = null; ; ) {
      const text = await put(question, wrong)
      if (text === null) return null
      const understood = read(text.trim() === '' ? question.usual : text)
      if (understood.kind === 'value') return understood
      wrong = understood.words
    }
  }

  const { stages, health, running } = app.sketch
  const environments = await answered(
    { name: 'environments', text: 'Which environments are there?', usual: stages.join(' ') || 'production' },
    readEnvironments,
  )
  if (environments?.kind !== 'value') return environments
  const where =
    running.kind === 'tool' || running.kind === 'engine'
      ? readWhere('', environments.value)
      : await answered(
          {
            name: 'hosts',
            text: 'Where does it run: on the machine of the runner, or on hosts over ssh (their names)?',
            usual: 'runner',
          },
          (text) => readWhere(text, environments.value),
        )
  if (where?.kind !== 'value') return where
  const asked = await answered(
    {
      name: 'health',
      text: 'Which path or address answers 200 when an instance is up?',
      usual: health ?? 'none',
    },
    readHealth,
  )
  if (asked?.kind !== 'value') return asked
  const runsOn = await answered(
    { name: 'runner', text: 'Which label does the runner have that deploys?', usual: 'self-hosted' },
    readLabels,
  )
  if (runsOn?.kind !== 'value') return runsOn
  const approvers = await answered(
    {
      name: 'approvers',
      text: "Who approves a production: GitHub's reviewers of the environment, or logins and teams?",
      usual: 'reviewers',
    },
    readApprovers,
  )
  if (approvers?.kind !== 'value') return approvers
  return {
    kind: 'value',
    value: {
      environments: environments.value,
      where: where.value,
      health: asked.value,
      runsOn: runsOn.value,
      approvers: approvers.value,
    },
  }
}
