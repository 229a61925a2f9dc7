import type { SetUpAnswers } from '../../../init/answers.ts'
import { configPath, type Draft, drafted } from '../../../init/draft.ts'
import { ask } from '../../../init/questions.ts'
import type { Recognised } from '../../../init/recognise.ts'
import { seenAs } from '../../../init/sketch.ts'
import { nextSteps } from '../../../init/words/next-steps.ts'
import { type ExitCode, exits } from '../command.ts'
import { show } from '../shown.ts'
import { look } from './disk.ts'
import { proveConfig } from './proof.ts'
import { refused, type SetUp, shapeOf } from './set-up.ts'
import { workflowFiles } from './workflow-files.ts'
import { write } from './write.ts'

/** A repository without a config: everything is written. */
export async function wholeSetUp(setUp: SetUp, app: Recognised): Promise<ExitCode> {
  const { seen, say, terminal, given, mayAsk, person } = setUp
  const { sketch, others, folder } = app
  say(`${seen.repository.name}${folder.path === '' ? '' : `, ${folder.path}`}: ${seenAs(sketch)}.`)
  if (others.length > 0)
    say(`It could also be deployed as ${others.join(', ')}: rollgate init --as ${others[0]}.`)
  const asker = mayAsk ? person() : null
  const put = asker?.put ?? (async (question) => question.usual)
  const answers = await ask(app, { given, put })
  asker?.close()
  if (answers === null) return refused(terminal, 'Nothing was written.')
  if (answers.kind === 'not') return refused(terminal, answers.words)
  const ignored = await seen.ignores('bin/rollgate-instance')
  const draft = drafted(app, { repository: seen.repository, answers: answers.value, ignored })
  proveConfig(draft.files)
  const script = look(seen.root, draft.script.path)
  if (script.kind === 'file' && script.text !== draft.script.text)
    return refused(
      terminal,
      `${draft.script.path} is there and is another script: rename it, and run again. Nothing was written.`,
    )
  const order = [draft.script, ...draft.files.filter((file) => file !== draft.script)]
  const written = write(setUp, [
    ...order,
    ...(await workflowFiles({ runsOn: answers.value.runsOn, shape: shapeOf(setUp.asked) }, terminal.env)),
  ])
  if (written === null) return exits.found
  for (const sentence of draft.missing) show(terminal, { tone: 'warning', text: `missing: ${sentence}` })
  if (written.length > 0) sayNext(setUp, answers.value, { draft, written })
  return exits.fine
}

function sayNext(
  { asked, say, seen }: SetUp,
  answers: SetUpAnswers,
  { draft, written }: { readonly draft: Draft; readonly written: readonly string[] },
): void {
  say('')
  const facts = {
    answers,
    draft,
    written,
    branch: seen.branch,
    ownConfig: written.includes(configPath),
    form: !asked.has('reusable'),
  }
  for (const line of nextSteps(facts)) say(line)
}
