import { answerTo, datedWords } from '../../domain/doctor/answers.ts'
import { Problem, type ProblemCode } from '../../domain/problem.ts'
import { doctorDocs, runTheDoctor } from '../../report/doctor/docs.ts'
import type { Hands } from '../run/hands.ts'
import { answersOf } from '../run/wire.ts'

/** The problems that an answer of a doctor may explain, each with the question. */
const explained: { readonly [Code in ProblemCode]?: 'approvals-recorded' } = {
  'approval-missing': 'approvals-recorded',
}

/** The app as the config names it; a config that cannot be read leaves the name of the repository. */
async function appOf({ ports, config, inputs, app }: Hands): Promise<string> {
  const source = await ports.repository.file(inputs.config, null)
  try {
    return source.kind === 'found'
      ? (config.readPolicies({ path: inputs.config, text: source.value, commit: '' })[0]?.app ?? app)
      : app
  } catch {
    return app
  }
}

/** Returns the thrown problem with what GitHub answered to a doctor before. Only such a problem costs a request. */
export async function withDoctor(hands: Hands, thrown: unknown): Promise<unknown> {
  const question = thrown instanceof Problem ? explained[thrown.code] : undefined
  const { inputs } = hands
  if (question === undefined || !(thrown instanceof Problem)) return thrown
  const environment = ('environment' in inputs && inputs.environment) || null
  const reading = await answersOf(inputs, hands.runner).read(await appOf(hands))
  if (reading.kind === 'unknown') return thrown
  const answer = reading.kind === 'found' ? answerTo(reading.value, { question, subject: environment }) : null
  const said =
    answer === null
      ? runTheDoctor(environment ?? undefined)
      : `${datedWords(answer)} ${answer.next} ${doctorDocs(question)}`
  const { code, ...words } = thrown.words
  return new Problem(code, { ...words, next: `${words.next}\n${said}` }, thrown)
}
