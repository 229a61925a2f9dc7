import * as z from 'zod/mini'
import type { Images } from '../../../../domain/engine/engine-seen.ts'
import { digestOfText, type ManifestsCompared } from '../../../../domain/engine/manifests.ts'
import type { Failure } from '../../../../domain/question/decision.ts'
import type { Calling } from '../../tool.ts'
import { APPLY } from '../change.ts'
import { engineRefused } from '../failures.ts'
import { type KubernetesMeans, placeInWords } from '../means.ts'
import { shaped } from '../shapes.ts'
import { manifestsFor } from './apply.ts'
import { type AnyObject, changesBetween, keyOf } from './fields.ts'

/**
 * Compares the manifests with the cluster: what is there with what the API server would make of it, defaults and fields of
 * other programs included. Changes nothing.
 */
export async function compareManifests(
  here: KubernetesMeans,
  images: Images,
  calling: Calling,
): Promise<ManifestsCompared | Failure> {
  const read = manifestsFor(here, images)
  if ('code' in read) return read
  const { input } = read
  const there = await here.kubectl.ask(['get', '-f', '-', '--ignore-not-found', '-o', 'json'], {
    ...calling,
    input,
  })
  const before = there.kind === 'answered' ? objectsIn(there.text) : null
  if (before === null) return engineRefused(`${notCompared(here)} are there now`, there)
  const would = await here.kubectl.ask([...APPLY, '--dry-run=server', '-o', 'json'], {
    ...calling,
    input,
  })
  const after = would.kind === 'answered' ? objectsIn(would.text) : null
  if (after === null) return engineRefused(`${notCompared(here)} would become`, would)
  const known = new Map(before.map((object) => [keyOf(object), object]))
  return {
    files: read.files.map(({ path, text }) => ({ path, sha256: digestOfText(text) })),
    changes: after.flatMap((object) => changesBetween(known.get(keyOf(object)) ?? null, object)),
  }
}

const notCompared = ({ engine }: KubernetesMeans): string =>
  `The manifests of ${placeInWords(engine)} were not compared with what they`

const anything = z.record(z.string(), z.unknown())
const several = z.object({ kind: z.literal('List'), items: z.array(anything) })

/** Reads the objects that kubectl printed: nothing for none, one alone, several as a list. Null for anything else. */
export function objectsIn(text: string): AnyObject[] | null {
  if (text.trim() === '') return []
  const list = shaped(several, text)
  if (list !== null) return list.items
  const one = shaped(anything, text)
  return one === null ? null : [one]
}
