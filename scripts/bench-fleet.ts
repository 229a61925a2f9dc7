import { missingParts } from '../test/real/bed/parts.ts'
import { goBack } from './bench/fleet/back.ts'
import { contestants } from './bench/fleet/contestants.ts'
import { readOptions } from './bench/fleet/options.ts'
import { pricesInWords, pricesOn } from './bench/fleet/prices.ts'
import { runRaces } from './bench/fleet/races.ts'
import { rowsOf, tableOf } from './bench/fleet/table.ts'
import { openTrack } from './bench/fleet/track.ts'

/**
 * Rolls hosts over ssh behind a real haproxy by Rollgate and by others, side by side in one run, and prints what each took, after
 * what things cost here of which a roll is made:
 *
 *   npm run bench:fleet -- [--hosts 10,30,100] [--only floor,rollgate] [--one-by-one 30] [--rounds 1] [--longest 120] [--back] [--json]
 *
 * `--one-by-one`: the most hosts that are rolled one by one too, since Ansible takes minutes for a hundred. `--longest`: seconds
 * after which one is ended. `--rounds`: by turns, of which the table has the medians. `--back` measures going back.
 *
 * Each host is drained, stopped, installed (0.2 s of its own work), started, asked for its self test and its release, and is
 * back in traffic when haproxy has seen it up by a check. Everybody does that in this order, at the same balancer, while
 * requests come at a steady rate. The floor does it with no ssh between. Rollgate asks haproxy and the hosts by itself and
 * asks for the health besides; all others do by `act`, a compiled program, and Ansible calls it as a local task. Key exchange
 * is as this machine's OpenSSH has it, unless a row says curve25519; Capistrano's own ssh has nothing else. Hosts,
 * balancer, requests and contestants share the machine: what one uses of the CPU is missing for the others.
 */
const keys = contestants.map(({ key }) => key)
const options = readOptions(process.argv.slice(2), keys)
const { hosts, only, json } = options
const say = json ? console.error : console.log

const missing = missingParts('sshd', 'haproxy', 'cc', 'flock')
if (missing !== null) throw new Error(`The bench ${missing}.`)

const field = contestants.filter(({ key, name, missing }) => {
  if (only !== null && !only.includes(key)) return false
  const why = missing()
  if (why !== null) say(`${name} is left out: ${why}.`)
  return why === null
})

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stop.abort(new Error(`Ended by ${signal}, with all that ran.`)))

{
  await using track = await openTrack(1)
  say(`What things cost here, one at a time\n\n${pricesInWords(await pricesOn(track, stop.signal))}`)
}

const all: object[] = []
for (const size of options.back ? hosts : []) {
  const { table, rows } = await goBack(
    size,
    field.map(({ key }) => key),
    options,
    stop.signal,
  )
  all.push(...rows)
  say(`\n${table}`)
}
for (const size of options.back ? [] : hosts)
  for await (const laps of runRaces(size, field, options, stop.signal)) {
    for (const { contestant, why, requests } of laps) {
      if (why !== null) say(`${contestant.name} failed: ${why}`)
      for (const reason of requests.reasons) say(`${contestant.name}: a request failed ${reason}`)
    }
    const rows = rowsOf(laps)
    all.push(...rows)
    const width = laps[0]?.width ?? 1
    say(`\n${size} hosts, ${width === 1 ? 'one by one' : `${width} at a time`}\n\n${tableOf(rows)}`)
  }
if (json) console.log(JSON.stringify(all, null, 2))
