import type { PostgresWork } from '../means.ts'
import { DatabaseTrouble } from '../trouble.ts'
import { runScript } from './programs.ts'

/**
 * Notes beside the stand-in's data folder, each a small file: they outlive the run and the server. `cut`: the position at
 * which it stopped following. `opened`: that at which it was opened for writes. `home`: it took home's place.
 */
export type Note =
  | 'id'
  | 'whole'
  | 'cut'
  | 'timeline'
  | 'opened'
  | 'rows'
  | 'home'
  | 'revoked'
  | 'hardened'
  | 'left'

/** The stand-in's files and server, as seen where they live. */
export interface StandInSeen {
  /** `foreign`: a folder is there that this detour did not make. */
  readonly folder: 'absent' | 'partial' | 'whole' | 'foreign'
  readonly running: boolean
  readonly notes: Readonly<Partial<Record<Note, string>>>
}

/** The look is made between the fence and the marker too, while writes wait: it starts no more programs than it needs. */
const looking = `
if [ -e "$ROLLGATE_DATA" ]; then echo folder=yes; fi
if [ -d "$ROLLGATE_NOTES" ]; then
  for note in "$ROLLGATE_NOTES"/*; do
    if [ -f "$note" ]; then
      value=
      IFS= read -r value <"$note" || true
      printf 'note-%s=%s\\n' "\${note##*/}" "$value"
    fi
  done
fi
running=0
if [ -e "$ROLLGATE_DATA/PG_VERSION" ]; then "\${ROLLGATE_PROGRAMS}pg_ctl" -D "$ROLLGATE_DATA" status >/dev/null 2>&1 || running=$?; else running=3; fi
echo "status=$running"
`

const measuring = `
printf 'version=%s\\n' "$("\${ROLLGATE_PROGRAMS}pg_basebackup" --version)"
above=$ROLLGATE_DATA
while [ ! -d "$above" ]; do above=$(dirname "$above"); done
room=$(df -Pk "$above" | tail -n 1)
printf 'free=%s\\n' "$(echo "$room" | awk '{ print $4 }')"
if [ -n "$HOME_DATA" ]; then
  beside=$(df -Pk "$(dirname "$HOME_DATA")" | tail -n 1)
  printf 'home-free=%s\\n' "$(echo "$beside" | awk '{ print $4 }')"
  [ "\${room##*%}" != "\${beside##*%}" ] || echo together=yes
fi
`

/** The place for a copy. */
export interface RoomSeen {
  /** Bytes; null where that is unknown. */
  readonly free: number | null
  /** Bytes beside home's data folder; null where that is unknown, or where the config names no such folder. */
  readonly homeFree: number | null
  /** True if both lie in the same file system. */
  readonly together: boolean
  /** The major version of PostgreSQL's programs. */
  readonly version: string
}

export async function seeRoom(work: PostgresWork): Promise<RoomSeen> {
  const said = await look(work, measuring, { HOME_DATA: work.recipe.homeData ?? '' })
  const bytes = (name: string) => (/^\d+$/.test(said.get(name) ?? '') ? Number(said.get(name)) * 1024 : null)
  return {
    free: bytes('free'),
    homeFree: bytes('home-free'),
    together: said.has('together'),
    version: /\d+/.exec(said.get('version') ?? '')?.[0] ?? '',
  }
}

async function look(
  work: PostgresWork,
  script: string,
  values: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, string>> {
  const lines = await runScript(work, script, 'The look at the folder of the stand-in', { values })
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

export async function seeStandIn(work: PostgresWork): Promise<StandInSeen> {
  const said = await look(work, looking)
  const status = said.get('status')
  if (status !== '0' && status !== '3')
    throw new DatabaseTrouble(
      'detour-program',
      `pg_ctl could not tell if the stand-in runs: status ${status}.`,
    )
  const notes = Object.fromEntries(
    [...said].flatMap(([name, value]) => (name.startsWith('note-') ? [[name.slice(5), value]] : [])),
  ) as StandInSeen['notes']
  return {
    folder: folderOf(notes, said.has('folder'), work.id),
    running: status === '0',
    notes,
  }
}

function folderOf(notes: StandInSeen['notes'], there: boolean, id: string): StandInSeen['folder'] {
  if (notes.id === undefined) return there ? 'foreign' : 'absent'
  if (notes.id !== id) return 'foreign'
  return there && notes.whole !== undefined ? 'whole' : 'partial'
}

/** Throws unless the stand-in of this detour is there and runs. */
export async function runningStandIn(work: PostgresWork): Promise<StandInSeen> {
  const seen = await seeStandIn(work)
  if (seen.folder === 'foreign') throw foreign(work)
  if (seen.folder !== 'whole' || !seen.running)
    throw new DatabaseTrouble('detour-stand-in', 'The stand-in is not there, or its server does not run.', {
      next: 'Open the detour again, which starts a copy that is whole.',
    })
  return seen
}

export const foreign = ({ recipe }: PostgresWork): DatabaseTrouble =>
  new DatabaseTrouble(
    'detour-foreign',
    `The folder ${recipe.standIn.data} is there, and this detour did not make it.`,
    { next: 'Name another folder for the stand-in, or take this one away yourself.' },
  )

/**
 * Writes notes in their order, each whole or not at all. After one that fails none is written: the note that a later run
 * decides by comes last.
 */
export async function note(
  work: PostgresWork,
  notes: Readonly<Partial<Record<Note, string>>>,
): Promise<void> {
  const lines = Object.entries(notes).map(([name, value]) => `${name}=${value}\n`)
  const writing = `while IFS='=' read -r name value; do
  printf '%s\\n' "$value" >"$ROLLGATE_NOTES/.new"
  mv "$ROLLGATE_NOTES/.new" "$ROLLGATE_NOTES/$name"
done`
  await runScript(work, writing, 'Keeping notes beside the stand-in', { input: lines.join('') })
}

export const forget = async (work: PostgresWork, name: Note): Promise<void> =>
  void (await runScript(work, 'rm -f "$ROLLGATE_NOTES/$NOTE"', 'Clearing a note', { values: { NOTE: name } }))

export const startStandIn = async (work: PostgresWork): Promise<void> =>
  void (await runScript(
    work,
    `"\${ROLLGATE_PROGRAMS}pg_ctl" -D "$ROLLGATE_DATA" -l "$ROLLGATE_DATA/rollgate.log" -w -t 90 start >&2 </dev/null || { tail -n 5 "$ROLLGATE_DATA/rollgate.log" >&2; exit 1; }`,
    'Starting the stand-in',
  ))

export const stopStandIn = async (work: PostgresWork): Promise<void> =>
  void (await runScript(
    work,
    `"\${ROLLGATE_PROGRAMS}pg_ctl" -D "$ROLLGATE_DATA" -m fast -w -t 90 stop >&2`,
    'Stopping the stand-in',
  ))
