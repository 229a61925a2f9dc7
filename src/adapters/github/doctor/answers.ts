import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { type KeptAnswer, mergeAnswers } from '../../../domain/doctor/answers.ts'
import { healths, questions } from '../../../domain/doctor/health.ts'
import { Problem } from '../../../domain/problem.ts'
import { absent, found, known, type Reading, unknown } from '../../../domain/reading.ts'
import type { AnswerStore } from '../../../pipeline/ports.ts'
import { ask, look } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { file } from '../contents.ts'
import { doctorRef } from '../ledger/ref.ts'
import { fickle, repeatable } from '../patience.ts'
import { commitOf } from './commit.ts'

/** The answers of the doctor's jobs: `answers.json` on a reference beside the ledgers. */
export const gitHubAnswers = (github: GitHub): AnswerStore => ({
  read: async (app) => (await readAnswers(github, app)).answers,
  keep: (app, answers) => keep(github, app, answers),
})

const fileName = 'answers.json'
const short = (ref: string): string => ref.slice('refs/'.length)

interface AnswersAt {
  readonly head: string | null
  readonly answers: Reading<readonly KeptAnswer[]>
}

async function readAnswers(github: GitHub, app: string): Promise<AnswersAt> {
  const ref = doctorRef(app)
  // The list is one request where there is no answer, and tells that apart from a repository that is hidden.
  const listed = await look(
    github,
    { doing: `read ${ref}`, needs: 'contents: read' },
    github.rest.git.listMatchingRefs({ ...github.place, ref: short(ref) }),
  )
  if (listed.kind !== 'found') return { head: null, answers: listed }
  const head = listed.value.find((one) => one.ref === ref)?.object.sha ?? null
  if (head === null) return { head, answers: absent }
  const text = await file(github, fileName, head)
  if (text.kind === 'unknown') return { head, answers: text }
  return { head, answers: parse(text.kind === 'found' ? text.value : '', app) }
}

/** Another job may keep its answers meanwhile: they are read and merged again. */
const tries = 5

async function keep(github: GitHub, app: string, answers: readonly KeptAnswer[]): Promise<void> {
  const ref = doctorRef(app)
  const asking = { doing: `keep the answers at ${ref}`, needs: 'contents: write' } as const
  for (let left = tries; ; left--) {
    const { head, answers: before } = await readAnswers(github, app)
    const content = textOf(app, mergeAnswers(known(before) ?? [], answers))
    const parents = head === null ? [] : [head]
    // Without the nonce two jobs that keep the same in the same second make the same commit.
    const message = `Keep what GitHub answered\n\nRollgate-Append: ${randomUUID()}\n`
    const sha = await commitOf(github, asking, { path: fileName, content, message, parents })
    const { rest, place } = github
    try {
      await ask(
        asking,
        head === null
          ? rest.git.createRef({ ...place, ...repeatable, ref, sha })
          : rest.git.updateRef({ ...place, ...repeatable, ...fickle, ref: short(ref), sha, force: false }),
      )
      return
    } catch (failure) {
      const { head: now } = await readAnswers(github, app)
      if (now === sha) return
      if (now === head || left <= 1 || !(failure instanceof Problem)) throw failure
    }
  }
}

const textOf = (app: string, answers: readonly KeptAnswer[]): string =>
  `${JSON.stringify({ schema: 1, app, answers }, null, 2)}\n`

function parse(text: string, app: string): Reading<readonly KeptAnswer[]> {
  const { data } = answersOf(app).safeParse(jsonIn(text))
  if (data === undefined) return unknown(foreign(app))
  // An answer to a question of a later version stays out: its words belong to that version.
  const ours = data.answers.flatMap((one) => {
    const read = answer.safeParse(one)
    return read.success ? [read.data] : []
  })
  return ours.length === 0 ? absent : found(ours)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const answersOf = (app: string) =>
  z.object({ schema: z.literal(1), app: z.literal(app), answers: z.array(z.unknown()) })

const answer = z.object({
  question: z.enum(questions),
  subject: z.nullable(z.string()),
  health: z.enum(healths),
  value: z.enum(['found', 'absent', 'unknown']),
  what: z.string(),
  next: z.string(),
  at: z.iso.datetime(),
  run: z.string(),
})

const foreign = (app: string) =>
  ({
    code: 'ledger-foreign',
    what: `The reference ${doctorRef(app)} does not hold answers as this Rollgate writes them.`,
    why: 'A later Rollgate wrote it, or something else did.',
    next: `Look at it with \`git fetch origin ${doctorRef(app)} && git show FETCH_HEAD:${fileName}\`; it may be deleted, and the doctor run again.`,
  }) as const
