import { readLabels, type SetUpAnswers } from '../../../init/answers.ts'
import { configPath, type Draft, drafted, type FileDraft } from '../../../init/draft.ts'
import { ask, type Given, questionNames } from '../../../init/questions.ts'
import { kindWords, type Recognised, recognise } from '../../../init/recognise.ts'
import { standings } from '../../../init/standing.ts'
import { nextSteps } from '../../../init/words/next-steps.ts'
import { type CommandRow, type CommandWords, type ExitCode, exits, type Terminal } from '../command.ts'
import { harmless, show } from '../shown.ts'
import { type Person, personAtTerminal } from './asking.ts'
import { look, writeNew } from './disk.ts'
import { leave } from './leave.ts'
import { proveConfig } from './proof.ts'
import { type SeenAt, see } from './see.ts'
import { upgrade } from './upgrade.ts'
import { workflowFiles } from './workflow-files.ts'

export const initCommand: CommandRow = {
  name: 'init',
  takes: '',
  does: 'sets up a repository: config, two workflows and a script',
  about: `Looks at the files that git knows, asks at most five questions, and writes what is missing. A file that is there
stays as it is. Run twice, it changes nothing.`,
  options: {
    yes: { short: 'y', does: 'takes every usual answer' },
    'dry-run': { does: 'shows the files and changes nothing' },
    environments: { value: 'NAMES', does: 'the environments, like "staging production"' },
    hosts: {
      value: 'HOSTS',
      does: 'runner, or hosts over ssh: "staging: s-1; production: deploy@web-1 web-2=10.0.0.2"',
    },
    health: { value: 'PATH', does: 'the path or address that answers 200 when an instance is up' },
    runner: { value: 'LABELS', does: 'the labels of the runner; default: self-hosted' },
    approvers: { value: 'PEOPLE', does: "logins and teams; default: GitHub's reviewers of the environment" },
    folder: { value: 'PATH', does: 'the folder of the app, where a repository holds several' },
    as: { value: 'KIND', does: `the kind of the app: ${kindWords.join(', ')}` },
    config: { value: 'PATH', does: 'the path of a config that is there already' },
    with: { value: 'buttons', does: 'a form of its own for each word, beside the form for everything' },
    upgrade: { does: 'brings the workflows of an older version to this one, and shows the difference' },
    'overwrite-edited': { does: 'with --upgrade: also workflows that were edited' },
    remove: { does: 'says how to leave Rollgate, and changes nothing' },
  },
  run: (asked, terminal) => initialise(asked, terminal, personAtTerminal),
}

/** Runs the command. `person` opens the terminal for questions, if there are any. */
export async function initialise(
  asked: CommandWords,
  terminal: Terminal,
  person: () => Person,
): Promise<ExitCode> {
  const say = (text: string): void => terminal.write(`${harmless(text)}\n`)
  if (asked.has('remove')) return leave(await see(terminal.folder, terminal.env), say)
  const given = givenAnswers(asked)
  const options = ['folder', 'as', 'config'].some((name) => asked.value(name) !== null)
  const mayAsk = terminal.interactive && !asked.has('yes')
  if (asked.has('upgrade')) return upgrade({ asked, terminal, person, say })
  if (!mayAsk && !asked.has('yes') && !asked.has('dry-run') && !options && Object.keys(given).length === 0) {
    show(terminal, {
      tone: 'problem',
      text: 'Nobody can be asked here: run rollgate init --yes for the usual answers, or give them (rollgate init --help).',
    })
    return exits.misused
  }
  const seen = await see(terminal.folder, terminal.env)
  const wrong = wrongOptions(asked, seen)
  if (wrong !== null) return refused(terminal, wrong)
  const config = configOf(asked, seen)
  if (config.kind === 'several') return refused(terminal, config.words)
  const app = recognise(seen.repository, { path: asked.value('folder'), as: asked.value('as') })
  if (config.kind === 'none' && app.kind === 'empty')
    return refused(terminal, 'There are no files here yet: nothing tells what is to be deployed.')
  if (config.kind === 'none' && app.kind === 'several')
    return refused(
      terminal,
      `This repository holds ${app.folders.length} apps: name one, like rollgate init --folder ${app.folders[0]}. There are ${app.folders.slice(0, 12).join(', ')}.`,
    )
  const setUp = { asked, terminal, person, say, seen, given, mayAsk }
  if (config.kind === 'there') return workflowsAlone(setUp, config.path)
  return app.kind === 'app' ? wholeSetUp(setUp, app.app) : exits.found
}

interface SetUp {
  readonly asked: CommandWords
  readonly terminal: Terminal
  readonly person: () => Person
  readonly say: (text: string) => void
  readonly seen: SeenAt
  readonly given: Given
  readonly mayAsk: boolean
}

function refused(terminal: Terminal, text: string): ExitCode {
  show(terminal, { tone: 'problem', text })
  return exits.found
}

function givenAnswers(asked: CommandWords): Given {
  return Object.fromEntries(
    questionNames.flatMap((name) => {
      const value = asked.value(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

function wrongOptions(asked: CommandWords, { repository }: SeenAt): string | null {
  const [folder, as] = [asked.value('folder'), asked.value('as')]
  if (![null, 'buttons'].includes(asked.value('with'))) return '--with takes buttons.'
  if (as !== null && !kindWords.includes(as)) return `--as takes one of ${kindWords.join(', ')}.`
  const clean = folder?.replace(/\/+$/, '')
  if (folder !== null && !repository.paths.some((path) => path.startsWith(`${clean}/`)))
    return '--folder names no folder of this repository, from its root.'
  return null
}

type ConfigFound =
  | { readonly kind: 'none' }
  | { readonly kind: 'there'; readonly path: string }
  | { readonly kind: 'several'; readonly words: string }

const configName = /^(?:(?:\.github|config|deploy|\.config|ops)\/)?\.?rollgate\.ya?ml$/

/** A config that is there already, at its usual path or at another. */
function configOf(asked: CommandWords, { root, repository }: SeenAt): ConfigFound {
  const named = asked.value('config')
  if (named !== null) return { kind: 'there', path: named }
  if (look(root, configPath).kind === 'file') return { kind: 'there', path: configPath }
  const found = repository.paths.filter((path) => configName.test(path))
  const [first] = found
  if (first === undefined) return { kind: 'none' }
  if (found.length === 1) return { kind: 'there', path: first }
  return { kind: 'several', words: `There are ${found.length} configs: name one, like --config ${first}.` }
}

/** The workflows of a config that a team has already: nothing but the runner has to be known. */
async function workflowsAlone(setUp: SetUp, config: string): Promise<ExitCode> {
  const { seen, say, terminal, given, mayAsk, person } = setUp
  if (look(seen.root, config).kind !== 'file') return refused(terminal, `There is no config at ${config}.`)
  const buttons = setUp.asked.value('with') === 'buttons'
  const files = await workflowFiles({ runsOn: ['self-hosted'], config, buttons }, terminal.env)
  say(`${config} is there, and stays.`)
  if (files.every((file) => look(seen.root, file.path).kind === 'file')) {
    say(
      'The workflows are there too: nothing to do. rollgate init --upgrade compares them with this version.',
    )
    return exits.fine
  }
  const asker = given.runner === undefined && mayAsk ? person() : null
  const text =
    given.runner ??
    (await asker?.put(
      { name: 'runner', text: 'Which label does the runner have that deploys?', usual: 'self-hosted' },
      null,
    )) ??
    ''
  asker?.close()
  const labels = readLabels(text)
  if (labels.kind === 'not') return refused(terminal, labels.words)
  const written = write(setUp, await workflowFiles({ runsOn: labels.value, config, buttons }, terminal.env))
  return written === null ? exits.found : exits.fine
}

/** A repository without a config: everything is written. */
async function wholeSetUp(setUp: SetUp, app: Recognised): Promise<ExitCode> {
  const { seen, say, terminal, given, mayAsk, person } = setUp
  const { sketch, others, folder } = app
  say(
    `${seen.repository.name}${folder.path === '' ? '' : `, ${folder.path}`}: ${sketch.title}, seen by ${sketch.because}.`,
  )
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
    ...(await workflowFiles(
      { runsOn: answers.value.runsOn, buttons: setUp.asked.value('with') === 'buttons' },
      terminal.env,
    )),
  ])
  if (written === null) return exits.found
  for (const sentence of draft.missing) show(terminal, { tone: 'warning', text: `missing: ${sentence}` })
  if (written.length > 0) sayNext(setUp, answers.value, { draft, written })
  return exits.fine
}

function sayNext(
  { say, seen }: SetUp,
  answers: SetUpAnswers,
  { draft, written }: { readonly draft: Draft; readonly written: readonly string[] },
): void {
  say('')
  const facts = { answers, draft, written, branch: seen.branch, ownConfig: written.includes(configPath) }
  for (const line of nextSteps(facts)) say(line)
}

/** Writes what is not there. Returns the paths, or null where something is in the way: then nothing is written. */
function write({ seen, asked, say, terminal }: SetUp, files: readonly FileDraft[]): readonly string[] | null {
  const all = standings(files, (path) => look(seen.root, path))
  const blocked = all.flatMap((one) => (one.kind === 'blocked' ? [one] : []))
  for (const { file, words } of blocked)
    show(terminal, {
      tone: 'problem',
      text: `${file.path} cannot be written: ${words}. Nothing was written.`,
    })
  if (blocked.length > 0) return null
  for (const one of all) {
    const { path, text, executable } = one.file
    if (one.kind === 'stays') say(`stays   ${path} (another file is there)`)
    if (one.kind === 'same') say(`stays   ${path}`)
    if (one.kind !== 'new') continue
    if (asked.has('dry-run')) say(`would write ${path}${executable ? ' (executable)' : ''}:\n\n${text}`)
    else {
      writeNew(seen.root, one.file)
      say(`wrote   ${path}`)
    }
  }
  const written = all.flatMap((one) => (one.kind === 'new' ? [one.file.path] : []))
  if (written.length === 0) say('Nothing to do.')
  return written
}
