import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import { type Manifest, manifestName, manifestText, sha256Of } from '../../domain/release/manifest.ts'
import type { Run } from '../../domain/release/release.ts'
import type { NewFile, Ports, StoredRelease } from '../ports.ts'
import type { Stop } from '../run/context.ts'
import type { Ingredients } from './ingredients.ts'
import type { Making } from './request.ts'
import { inTheMaking } from './room.ts'

export interface ReleaseRecipe {
  readonly making: Making
  readonly ingredients: Ingredients
  readonly manifest: Manifest
  /** The text of the release. */
  readonly text: string
  readonly run: Run
}

/**
 * Makes draft, files, manifest, tag and publication, in this order: no reader sees a release that is not
 * whole, and an immutable release has its manifest. `left` is the draft that another run has left.
 */
export async function make(
  { releases, repository }: Pick<Ports, 'releases' | 'repository'>,
  { making, ingredients, manifest, text, run }: ReleaseRecipe,
  left: StoredRelease | null,
  stop: Stop,
): Promise<StoredRelease> {
  const { tag, description, prerelease } = making
  const { commit } = ingredients
  const files = [...ingredients.files, fileOf(manifest)]

  refuseWhenStopped(stop, tag)
  const draft = left ?? (await releases.draft(tag, commit, inTheMaking(run)))
  if (left !== null) await releases.retext(draft, inTheMaking(run))
  const wanted = (name: string, sha256: string | null) =>
    files.some((file) => file.name === name && file.sha256 === sha256)
  for (const file of draft.files)
    if (!file.whole || !wanted(file.name, file.sha256)) await releases.detach(file)
  const has = ({ name, sha256 }: NewFile) =>
    draft.files.some((file) => file.whole && file.name === name && file.sha256 === sha256)
  for (const file of files) {
    refuseWhenStopped(stop, tag)
    if (!has(file)) await releases.attach(draft, file)
  }

  refuseWhenStopped(stop, tag)
  if (!(await releases.tag(tag, commit, description))) {
    await releases.discard(draft)
    throw overtaken(tag)
  }
  try {
    await releases.publish(draft, { text, prerelease })
  } catch (failure) {
    const published = known(await releases.published(tag))
    if (published === null || published.id === draft.id) throw failure
    await releases.discard(draft)
    throw overtaken(tag)
  }
  return proofread({ releases, repository }, manifest, files)
}

function fileOf(manifest: Manifest): NewFile {
  const text = manifestText(manifest)
  return {
    name: manifestName,
    mediaType: 'application/json',
    content: new Blob([text]),
    sha256: sha256Of(text),
  }
}

/** Reads the release as a later deployment will. */
async function proofread(
  { releases, repository }: Pick<Ports, 'releases' | 'repository'>,
  { tag, commit }: Manifest,
  files: readonly NewFile[],
): Promise<StoredRelease> {
  const now = known(await repository.resolveTag(tag))
  const stored = known(await releases.published(tag))
  const gone = files.filter(
    ({ name, sha256 }) =>
      !stored?.files.some((file) => file.name === name && (file.sha256 ?? sha256) === sha256),
  )
  if (stored !== null && now === commit && gone.length === 0) return stored
  throw new Problem('release-tampered', {
    what:
      now === commit
        ? `The release ${tag} was published, and has not got ${gone.map(({ name }) => name).join(', ') || 'anything'} as it was uploaded.`
        : `The release ${tag} was published, and its tag is ${now ?? 'gone'}, not ${commit}.`,
    why: 'It was changed in the moment when it was made.',
    next: 'Find out who did that, and make a new release with a new tag.',
  })
}

function refuseWhenStopped({ asked }: Stop, tag: string): void {
  if (!asked.aborted) return
  throw new Problem('interrupted', {
    what: `Making ${tag} was cancelled before it was published.`,
    why: 'The run was cancelled, or it took too long.',
    next: 'Run it again: it resumes with the present draft. Until then no release is visible.',
  })
}

const overtaken = (tag: string) =>
  new Problem('release-exists', {
    what: `The release ${tag} has just been made by another run.`,
    why: 'Two runs, or a run and a person, made the same release at once.',
    next: 'Choose a new tag. The draft of this run was taken away.',
  })
