import type { Command } from '../../domain/config/command.ts'
import type { MigrationPhase } from '../../domain/config/recipe.ts'
import { Problem } from '../../domain/problem.ts'
import type { FrozenMigration, Manifest, Migration } from '../../domain/release/manifest.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { Ports } from '../ports.ts'
import { quoted, releaseVariables, type Stop } from '../run/context.ts'
import { checkCheckout } from '../run/source.ts'

type PhasePorts = Pick<Ports, 'shell' | 'workspace' | 'voice'>

interface PhasesAsked {
  readonly app: string
  readonly release: ReleaseId
  readonly migrations: readonly FrozenMigration[]
}

/**
 * Returns the migrations of a release with their phases, once and for all. A command that prints one runs in the files of
 * the commit, before anything is created. A final release has the answers of its candidate.
 */
export async function settledMigrations(
  ports: PhasePorts,
  { app, release, migrations }: PhasesAsked,
  candidate: Manifest | null,
  stop: Stop,
): Promise<readonly Migration[]> {
  if (candidate !== null) return candidate.migrations
  const settled: Migration[] = []
  for (const one of migrations) {
    if (isSettled(one)) settled.push(one)
    else settled.push({ run: one.run, phase: await ask(ports, one.phase, app, release, stop) })
  }
  return settled
}

const isSettled = (one: FrozenMigration): one is Migration => typeof one.phase === 'string'

const phases: readonly string[] = ['expand', 'contract'] satisfies readonly MigrationPhase[]

const isPhase = (word: string): word is MigrationPhase => phases.includes(word)

async function ask(
  ports: PhasePorts,
  command: Command,
  app: string,
  release: ReleaseId,
  stop: Stop,
): Promise<MigrationPhase> {
  await checkCheckout(ports.workspace, release)
  const seen = await releaseVariables(ports.workspace, { app, environment: '', release })
  const said: string[] = []
  const answer = (line: string) => void said.push(line)
  const finished = await quoted({ ports, stop }, '  │ ', (watch) =>
    ports.shell.run(command, seen, { ...watch, answer }),
  )
  if (finished.kind !== 'exited' || finished.code !== 0)
    throw unknownPhase(command, finished.kind === 'exited' ? `exited with ${finished.code}` : 'did not end')
  const word = said.join('\n').trim()
  if (isPhase(word)) return word
  throw unknownPhase(command, `printed ${word === '' ? 'nothing' : JSON.stringify(word.slice(0, 80))}`)
}

const unknownPhase = ({ run }: Command, did: string): Problem =>
  new Problem('phase-unknown', {
    what: `The phase of the migration is not known: \`${run.split('\n')[0]}\` ${did}.`,
    why: 'steps.migrate.phase is a command that prints one word, expand or contract, and exits with 0.',
    next: 'Correct the command in a new commit, or write the phase itself. Nothing was created.',
  })
