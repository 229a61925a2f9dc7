import { pauses } from '../../../domain/config/pace.ts'
import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { timelineOf } from './cut.ts'
import { addressOf, programVariables } from './engine/address.ts'
import { onSide } from './engine/on-side.ts'
import { asideFolder } from './failed-home.ts'
import { alone, runScript } from './host/programs.ts'
import { note } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { promote } from './promote.ts'
import { DatabaseTrouble } from './trouble.ts'

const START_MS = 60_000

/** The copy is made beside home's folder, which stays, renamed, for a look into the failure. */
const copying = `
${alone(0)}
rm -rf "$HOME_DATA.new"
"\${ROLLGATE_PROGRAMS}pg_basebackup" -D "$HOME_DATA.new" -X stream -c fast -w >&2
`

const swapping = `
${alone(60)}
failed="$HOME_DATA.failed-$ROLLGATE_DETOUR"
if [ -e "$HOME_DATA.new" ]; then
  if [ -e "$HOME_DATA/postmaster.pid" ]; then "\${ROLLGATE_PROGRAMS}pg_ctl" -D "$HOME_DATA" -m fast -w -t 90 stop >&2; fi
  if [ -e "$HOME_DATA" ]; then mv "$HOME_DATA" "$failed"; fi
  cp -p "$failed/postgresql.auto.conf" "$HOME_DATA.new/postgresql.auto.conf"
  for file in postgresql.conf pg_hba.conf pg_ident.conf postmaster.opts; do
    if [ -e "$failed/$file" ]; then cp -p "$failed/$file" "$HOME_DATA.new/$file"; else rm -f "$HOME_DATA.new/$file"; fi
  done
  printf "primary_conninfo = ''\\nprimary_slot_name = ''\\nrestore_command = ''\\n" >>"$HOME_DATA.new/postgresql.auto.conf"
  cp -p "$failed/PG_VERSION" "$HOME_DATA.new/standby.signal"
  mv "$HOME_DATA.new" "$HOME_DATA"
fi
if ! "\${ROLLGATE_PROGRAMS}pg_ctl" -D "$HOME_DATA" status >/dev/null 2>&1; then
  "\${ROLLGATE_PROGRAMS}pg_ctl" -D "$HOME_DATA" -l "$HOME_DATA/rollgate.log" -w -t 90 restart >&2 </dev/null 9>&-
fi
`

/** Home's own settings again, without the three that kept it from following. */
const settling =
  'cat "$HOME_DATA.failed-$ROLLGATE_DETOUR/postgresql.auto.conf" >"$HOME_DATA/postgresql.auto.conf"'

/** Brings the data of the stand-in to home's own place; the address of home stays. `done`: the note of a lost run. */
export async function copyBack(work: PostgresWork, done: string | undefined): Promise<DetourEvidence> {
  const { homeData } = work.recipe
  if (homeData === null)
    throw new DatabaseTrouble(
      'detour-home-data',
      'The config names no folder of home’s data, so nothing can be copied back to it.',
    )
  const values = { ...programVariables(addressOf(work, 'stand-in')), HOME_DATA: homeData }
  if (done === undefined) {
    await runScript(work, copying, 'The copy back to home', { values, long: true })
    await note(work, { home: 'swapping' })
  }
  if (done !== 'copied') await runScript(work, swapping, 'Putting the copy in home’s place', { values })
  return onceUp(work, async () =>
    onSide(work, 'home', async (on) => {
      await promote(on)
      await runScript(work, settling, 'Restoring home’s settings', { values })
      await on.rows('SELECT pg_reload_conf()')
      await note(work, { home: 'copied' })
      return {
        address: addressOf(work, 'home').shown,
        timeline: await timelineOf(on),
        kept: asideFolder(homeData, work.id),
      }
    }),
  )
}

async function onceUp<T>({ clock, signal }: PostgresWork, task: () => Promise<T>): Promise<T> {
  const until = clock.now().getTime() + START_MS
  for (const pause of pauses()) {
    try {
      return await task()
    } catch (error) {
      const isEarly = error instanceof DatabaseTrouble && error.code === 'detour-database'
      if (!isEarly || clock.now().getTime() > until || signal.aborted) throw error
    }
    await clock.sleep(pause, signal)
  }
  throw new DatabaseTrouble('detour-database', 'Home does not answer.')
}
