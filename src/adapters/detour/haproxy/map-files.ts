import { endsInWords } from '../../../domain/detour/each-end.ts'
import type { Shell, Variables } from '../../../pipeline/ports.ts'
import { readMapFile, writeMapFile } from './map-file.ts'
import { DoorTrouble } from './trouble.ts'

/** A host on which a file of the map lies. */
export interface MapHost {
  /** Its name for people; empty for the runner. */
  readonly name: string
  readonly programs: Shell
}

/** The files of one map: each host of a balancer has its own, at the same path. */
export interface MapFiles {
  readonly hosts: readonly MapHost[]
  readonly file: string
  readonly variables: Variables
  readonly signal: AbortSignal
}

/** The value of a key in all files; undefined where none has it. Throws the trouble of files that differ. */
export type MapValues = (key: string) => string | undefined

/** Reads the files of all hosts. Throws if one of them cannot be read: it may say another side. */
export async function readMapFiles(files: MapFiles): Promise<MapValues> {
  const read = await onEach(files, (host) => readMapFile({ ...files, programs: host.programs }))
  return (key) => {
    const values = read.map(({ host, value }) => ({ host, value: value.get(key) }))
    const [first] = values
    if (values.every(({ value }) => value === first?.value)) return first?.value
    const each = values.map(({ host, value = 'nothing' }) => `${value} on ${host.name}`)
    throw new DoorTrouble(`The files of the map ${files.file} differ for ${key}: ${each.join(', ')}.`)
  }
}

/** Writes a value to the file of every host, and reads each again. A host that fails keeps no other from it. */
export const writeMapFiles = async (files: MapFiles, key: string, value: string): Promise<void> =>
  void (await onEach(files, ({ programs }) => writeMapFile({ ...files, programs }, key, value)))

interface AtHost<T> {
  readonly host: MapHost
  readonly value: T
}

/** Does the same on every host at once. The trouble of one says of each how it ended. */
async function onEach<T>({ hosts }: MapFiles, work: (host: MapHost) => Promise<T>): Promise<AtHost<T>[]> {
  const ends = await Promise.allSettled(hosts.map(async (host) => ({ host, value: await work(host) })))
  const done = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  if (done.length === hosts.length) return done
  const faults = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
  const strange = faults.find((fault) => !(fault instanceof DoorTrouble))
  if (strange !== undefined) throw strange
  if (hosts.length === 1) throw faults[0]
  const each = ends.map((end, at) => ({
    name: hosts[at]?.name ?? '',
    fault: end.status === 'fulfilled' ? null : (end.reason as DoorTrouble).message,
  }))
  throw new DoorTrouble(endsInWords(each))
}
