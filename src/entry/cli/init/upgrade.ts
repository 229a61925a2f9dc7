import { readLabels } from '../../../init/answers.ts'
import { configPath } from '../../../init/draft.ts'
import { choicesIn } from '../../../init/upgrade/choices.ts'
import { labelsOf } from '../../../init/upgrade/earlier.ts'
import { upgradeOf, type WorkflowChange } from '../../../init/upgrade/upgrade.ts'
import { wasWritten, withHoursOf } from '../../../init/upgrade/written.ts'
import { difference } from '../../../init/words/difference.ts'
import { ownWorkflows } from '../../../workflows/own-workflows.ts'
import { type CommandWords, type ExitCode, exits, type Terminal } from '../command.ts'
import { show } from '../shown.ts'
import type { Person } from './asking.ts'
import { look, remove, writeNew, writeOver } from './disk.ts'
import { workflowsOf } from './leave.ts'
import { type SeenAt, see } from './see.ts'
import { workflowFiles } from './workflow-files.ts'

interface Upgrading {
  readonly asked: CommandWords
  readonly terminal: Terminal
  readonly person: () => Person
  readonly say: (text: string) => void
}

/** Shows the way from the workflows that are there to those of this version, and goes it when told to. */
export async function upgrade({ asked, terminal, person, say }: Upgrading): Promise<ExitCode> {
  const seen = await see(terminal.folder, terminal.env)
  const present = workflowsOf(seen)
  if (present.size === 0) {
    show(terminal, { tone: 'problem', text: 'No workflow here uses Rollgate: rollgate init sets it up.' })
    return exits.found
  }
  const given = asked.value('runner')
  const labels = readLabels(given ?? labelsIn(present).join(' '))
  if (labels.kind === 'not') {
    show(terminal, { tone: 'problem', text: labels.words })
    return exits.found
  }
  const wanted = await wantedNow(present, { asked, terminal, runsOn: labels.value })
  const changes = upgradeOf(present, wanted)
  const kept = changes.filter((change) => change.kind === 'keep')
  for (const { path, words } of kept) say(`stays   ${path}: ${words}.`)
  const edited = changes.filter((change) => isEdited(change) && !asked.has('overwrite-edited'))
  const now = changes.filter((change) => change.kind !== 'keep' && !edited.includes(change))
  for (const change of [...now, ...edited]) say(difference(change))
  for (const change of edited) sayEdited(change, say)
  if (now.length === 0) {
    say(
      edited.length === 0
        ? 'Nothing to do: the workflows are those of this version.'
        : 'Nothing was changed.',
    )
    return exits.fine
  }
  for (const { kind, path } of now) say(`${kind.padEnd(8)}${path}`)
  if (asked.has('dry-run')) return exits.fine
  if (!(await agreed({ asked, terminal, person, say }))) {
    say('Nothing was changed. rollgate init --upgrade --yes makes these changes.')
    return exits.fine
  }
  return change(seen, now, say)
}

/** Returns the workflows of this version with the choices of those that are there: path of the config, buttons, hours. */
async function wantedNow(
  present: ReadonlyMap<string, string>,
  { asked, terminal, runsOn }: Pick<Upgrading, 'asked' | 'terminal'> & { readonly runsOn: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const { callers, config: named } = choicesIn(present)
  const config = asked.value('config') ?? named ?? configPath
  const files = await workflowFiles({ runsOn, config, shape: callers ? 'callers' : 'buttons' }, terminal.env)
  const always = callers ? [] : [...ownWorkflows({ version: '', runsOn }).keys()]
  const kept = files.filter(({ path }) => always.includes(path) || wasWritten(present.get(path) ?? ''))
  return new Map(kept.map(({ path, text }) => [path, withHoursOf(present.get(path) ?? '', text)]))
}

async function agreed({ asked, terminal, person }: Upgrading): Promise<boolean> {
  if (asked.has('yes')) return true
  if (!terminal.interactive) return false
  const asker = person()
  const yes = await asker.confirm('Make these changes?')
  asker.close()
  return yes
}

const isEdited = (change: WorkflowChange): boolean =>
  (change.kind === 'replace' || change.kind === 'remove') && change.edited.length > 0

function sayEdited(change: WorkflowChange, say: (text: string) => void): void {
  if (change.kind !== 'replace' && change.kind !== 'remove') return
  say(
    `stays   ${change.path}: it was edited. --overwrite-edited changes it too, and these lines are then lost:`,
  )
  for (const line of change.edited.slice(0, 40)) say(`  ${line}`)
}

/** The labels of the runner that the workflows name; those of the deployment first. */
function labelsIn(present: ReadonlyMap<string, string>): readonly string[] {
  const all = [...present]
    .toSorted(([one]) => (/deploy/.test(one) ? -1 : 0))
    .map(([, text]) => labelsOf(text))
  return all.find((labels) => labels.length > 0) ?? []
}

function change({ root }: SeenAt, changes: readonly WorkflowChange[], say: (text: string) => void): ExitCode {
  for (const one of changes) {
    if (one.kind === 'add') {
      if (look(root, one.path).kind !== 'absent') continue
      writeNew(root, { path: one.path, text: one.after, executable: false })
    }
    if (one.kind === 'replace') writeOver(root, one.path, one.after)
    if (one.kind === 'remove') remove(root, one.path)
  }
  say(`Changed ${changes.length} workflows. Look at git diff, then commit.`)
  return exits.fine
}
