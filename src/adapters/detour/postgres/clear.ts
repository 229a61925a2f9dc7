import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { onSide } from './engine/on-side.ts'
import { countSessions } from './engine/sessions.ts'
import { alone, runScript } from './host/programs.ts'
import { seeStandIn, stopStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

/** True where a note of the place names an earlier copy: the one that is there, or the one for which visitors left it. */
const isOurs = `
ours() {
  for note in id left; do
    [ -f "$ROLLGATE_NOTES/$note" ] || continue
    IFS= read -r value <"$ROLLGATE_NOTES/$note" || true
    for one in $EARLIER; do [ "$value" != "$one" ] || return 0; done
  done
  return 1
}
`

const looking = `${isOurs}
ls "$(dirname "$ROLLGATE_DATA")" >/dev/null
if [ ! -e "$ROLLGATE_DATA" ] && [ ! -e "$ROLLGATE_NOTES" ]; then echo place=empty
elif ours; then echo place=ours
else echo place=foreign; fi
`

/** The notes go last: without them the folder is foreign, and stays. */
const removing = `${isOurs}
${alone(60)}
ours
rm -rf "$ROLLGATE_DATA"
rm -rf "$ROLLGATE_NOTES"
`

/** Removes the database in the place of the copy: only one that an earlier copy made or left, and never the one that serves. */
export async function clear(work: PostgresWork, earlier: readonly string[]): Promise<DetourEvidence> {
  const values = { EARLIER: earlier.join(' ') }
  const { data } = work.recipe.standIn
  const [place] = await runScript(work, looking, 'The look at the place of the copy', { values })
  if (place === 'place=empty') return { place: 'empty' }
  if (place !== 'place=ours')
    throw new DatabaseTrouble(
      'detour-foreign',
      `${data} is there, and no mark tells that it was left for ${earlier.join(' or ') || 'a copy'}.`,
      { next: 'Remove it by hand if nothing uses it, or name another folder. Nothing was removed.' },
    )
  await mustServeNobody(work)
  await runScript(work, removing, 'Removing the older database', { values, long: true })
  return { place: 'cleared' }
}

async function mustServeNobody(work: PostgresWork): Promise<void> {
  const { data, host, port } = work.recipe.standIn
  const { homeAt } = work.recipe
  const source = await onSide(work, 'home', (on) =>
    on.row("SELECT current_setting('data_directory') AS data, pg_backend_pid() AS pid"),
  )
  if (homeAt?.host === host && (homeAt.port === port || source.data === data))
    throw new DatabaseTrouble('detour-serves', `${data} is the database that serves: nothing was removed.`)
  if (!(await seeStandIn(work)).running) return
  const sessions = await onSide(work, 'stand-in', (on) => countSessions(on, work.id))
  if (sessions > 0)
    throw new DatabaseTrouble(
      'detour-sessions',
      `${data} has ${sessions} sessions of applications, and is not removed.`,
      { next: 'Stop what uses it, then deploy again.' },
    )
  await stopStandIn(work)
}
