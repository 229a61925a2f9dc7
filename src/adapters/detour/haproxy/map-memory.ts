import { createConnections } from '../../haproxy/connections.ts'
import { readStatistics } from '../../haproxy/statistics.ts'
import { DoorTrouble } from './trouble.ts'

/** The kind number of a backend in `show stat`. */
const BACKEND = 2

/** The value of a key in the memory of one balancer. */
export async function mapValue(socket: string, map: string, key: string): Promise<string> {
  const [said = ''] = await createConnections(socket)(`show map ${named(map)}`)
  const line = said.split('\n').find((one) => one.split(' ')[1] === key)
  if (line !== undefined) return line.split(' ').slice(2).join(' ').trim()
  throw new DoorTrouble(
    /^0x/.test(said) || said.trim() === ''
      ? `The map ${map} of the balancer at ${socket} has no key ${key}.`
      : `The balancer at ${socket} said of the map ${map}: ${said.trim().split('\n')[0]}`,
  )
}

/** Sets the value of a key, which must be there, and reads it again. */
export async function setMapValue(socket: string, map: string, key: string, value: string): Promise<void> {
  const [said = ''] = await createConnections(socket)(`set map ${named(map)} ${named(key)} ${named(value)}`)
  if (said.trim() !== '')
    throw new DoorTrouble(`The balancer at ${socket} said: ${said.trim().split('\n')[0]}`)
  const now = await mapValue(socket, map, key)
  if (now !== value) throw new DoorTrouble(`The balancer at ${socket} has ${now} for ${key}, not ${value}.`)
}

/** Requests under way at a backend, and those that wait there. */
export async function inFlight(socket: string, backend: string): Promise<number> {
  const [said = ''] = await createConnections(socket)(`show stat ${named(backend)} ${BACKEND} -1`)
  const row = said.startsWith('# ') ? readStatistics(said)('BACKEND') : null
  if (row === null) throw new DoorTrouble(`The balancer at ${socket} has no backend ${backend}.`)
  return row.sessions
}

/** A word without characters that the runtime API would read as something else. */
function named(word: string): string {
  if (/^[\w./:#@-]+$/.test(word)) return word
  throw new DoorTrouble(`${JSON.stringify(word)} is no name in haproxy.`)
}
