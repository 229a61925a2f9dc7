import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import { addressOf } from './engine/address.ts'
import { runScript } from './host/programs.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

/** The folder of a failed home that copying back has put aside: its name tells the detour. */
export const asideFolder = (homeData: string, id: string): string => `${homeData}.failed-${id}`

/** The mark in a failed home that stayed in its own folder: the detour, and the timeline of the database in its place. */
const marking = `
[ -e "$HOME_DATA/PG_VERSION" ]
printf '%s %s\n' "$ROLLGATE_DETOUR" "$TIMELINE" >"$HOME_DATA/.rollgate-failed.new"
mv "$HOME_DATA/.rollgate-failed.new" "$HOME_DATA/.rollgate-failed"
`

/**
 * Marks the folder of a home whose place the stand-in took, so that it can be removed later. Returns where it is kept: an
 * address where the config names no folder, or where the folder is not to be had.
 */
export async function keepInPlace(work: PostgresWork, timeline: string): Promise<string> {
  const { homeData } = work.recipe
  const address = addressOf(work, 'home').shown
  if (homeData === null) return address
  try {
    const values = { HOME_DATA: homeData, TIMELINE: timeline }
    await runScript(work, marking, 'Marking the failed home', { values })
    return homeData
  } catch (error) {
    if (!(error instanceof DatabaseTrouble)) throw error
    work.say(`${homeData} could not be marked as the failed home: ${error.message}`)
    return address
  }
}

/**
 * True for the failed home of this detour, by its name or its mark. A folder without either is another database; one that
 * cannot be listed, or whose mark cannot be read, ends the script, so that it is not taken for gone.
 */
const isOurs = `
ls "$(dirname "$FAILED")" >/dev/null
if [ -e "$FAILED" ]; then ls "$FAILED" >/dev/null; fi
if [ -e "$FAILED/.rollgate-failed" ]; then cat "$FAILED/.rollgate-failed" >/dev/null; fi
ours() {
  case "$FAILED" in
    *".failed-$ROLLGATE_DETOUR") [ -e "$FAILED" ] ;;
    *) [ "$(cut -d ' ' -f 1 "$FAILED/.rollgate-failed" 2>/dev/null || true)" = "$ROLLGATE_DETOUR" ] ;;
  esac
}
`

/** A folder that is being removed has another name, and goes on being removed. */
const looking = `${isOurs}
if [ -e "$FAILED.removing-$ROLLGATE_DETOUR" ] || ours; then echo state=there; else echo state=gone; fi
`

/** Throws where the place is no folder, or none that the config names: nothing but a folder can be looked at. */
export async function seeFailedHome(work: PostgresWork, where: string): Promise<Reading<string>> {
  const [said] = await runScript(work, looking, 'The look at the failed home', {
    values: placeOf(work, where),
  })
  switch (said) {
    case 'state=gone':
      return absent
    case 'state=there':
      return found(where)
    default:
      throw new DatabaseTrouble('detour-unseen', `The look at ${where} gave no answer.`)
  }
}

/**
 * A folder with a server, or with the lock of one that may run on another host, is not touched. Neither is one that follows
 * the database in its place by now, as its timeline tells: it may be home again.
 */
const removing = `${isOurs}
gone="$FAILED.removing-$ROLLGATE_DETOUR"
if [ ! -e "$gone" ]; then
  if ! ours; then echo serves=no; exit 0; fi
  if [ -e "$FAILED/postmaster.pid" ]; then echo serves=yes; exit 0; fi
  if [ -e "$FAILED/.rollgate-failed" ]; then
    taken=$(cut -d ' ' -f 2 "$FAILED/.rollgate-failed")
    now=$(LC_ALL=C "\${ROLLGATE_PROGRAMS}pg_controldata" -D "$FAILED" | sed -n "s/^Latest checkpoint's TimeLineID: *//p")
    [ -n "$now" ] && [ -n "$taken" ] || { echo 'pg_controldata does not tell its timeline' >&2; exit 1; }
    if [ "$now" -ge "$taken" ]; then echo serves=joined; exit 0; fi
  fi
  mv "$FAILED" "$gone"
fi
rm -rf "$gone"
echo serves=no
`

export async function discardFailedHome(work: PostgresWork, where: string): Promise<DetourEvidence> {
  const values = placeOf(work, where)
  const [said] = await runScript(work, removing, 'Removing the failed home', { values, long: true })
  if (said === 'serves=no') return { removed: where }
  throw said === 'serves=yes'
    ? new DatabaseTrouble(
        'detour-serves',
        `A server works on ${where}, or has left its postmaster.pid there.`,
        {
          next: 'Stop it if it is no longer needed, then retry. Nothing was removed.',
        },
      )
    : new DatabaseTrouble(
        'detour-serves',
        `${where} has joined the timeline of the database that took its place: it may be home again.`,
        { next: 'Leave it, or remove it by hand. Nothing was removed.' },
      )
}

function placeOf({ recipe: { homeData }, id }: PostgresWork, where: string): { readonly FAILED: string } {
  if (homeData !== null && [homeData, asideFolder(homeData, id)].includes(where)) return { FAILED: where }
  throw new DatabaseTrouble(
    'detour-home-data',
    homeData === null
      ? `The config names no folder of home’s data, so the failed home at ${where} cannot be removed.`
      : `The failed home was kept at ${where}, and home’s data is ${homeData}.`,
    { next: 'Remove it by hand, and answer force-next.' },
  )
}
