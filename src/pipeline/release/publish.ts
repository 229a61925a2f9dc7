import { manifestText, sha256Of } from '../../domain/release/manifest.ts'
import { checkNewTagName } from '../../domain/release/tag-name.ts'
import type { Doer } from '../lock/doer.ts'
import type { Ports } from '../ports.ts'
import type { Stop } from '../run/context.ts'
import { gather, type Ingredients, manifestOf } from './ingredients.ts'
import { make } from './making.ts'
import type { Making, Released, ReleaseReader } from './request.ts'
import { findRoom } from './room.ts'

/**
 * Makes a release: tag, manifest and GitHub Release. Everything is checked before anything is created, and
 * the next run for the same tag and commit resumes the work of a run that died in between.
 */
export async function release(
  ports: Ports,
  config: ReleaseReader,
  making: Making,
  doer: Doer,
  stop: Stop,
): Promise<Released> {
  checkNewTagName(making.tag)
  const room = await findRoom(ports, making.tag, doer.run)
  if (room.kind === 'made') return { ...room, advice: [], resumed: true }
  const ingredients = await gather(ports, config, making, room, doer.run, stop)
  const manifest = manifestOf(making, ingredients, doer, ports.clock.now())
  const text = await wordsOf(ports, making, ingredients)
  const stored = await make(ports, { making, ingredients, manifest, text, run: doer.run }, room.draft, stop)
  return {
    manifest,
    sha256: sha256Of(manifestText(manifest)),
    stored,
    advice: ingredients.advice,
    resumed: room.draft !== null,
  }
}

/** The caller's own words first. */
async function wordsOf(
  { releases }: Ports,
  making: Making,
  { commit, previous }: Ingredients,
): Promise<string> {
  const notes = await releases.notes(making.tag, commit, previous?.tag ?? null)
  return [making.description, notes].filter((part) => part !== '').join('\n\n')
}
