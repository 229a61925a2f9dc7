import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import type { Manifest } from '../../domain/release/manifest.ts'
import type { NewFile, Ports } from '../ports.ts'
import type { Making, ReleaseReader } from '../release/request.ts'
import { requireUntouched } from './integrity.ts'
import { configAt } from './survey.ts'
import { tagMoved } from './tag-moved.ts'

/** A candidate as it was tested: its commit and its files. */
export interface Candidate {
  readonly manifest: Manifest
  readonly files: readonly NewFile[]
}

/** Throws `manifest-missing`, `tag-moved` or `release-tampered` for a candidate that changed since it was made. */
export async function readCandidate(
  { releases, repository }: Pick<Ports, 'releases' | 'repository'>,
  config: ReleaseReader,
  making: Making,
  tag: string,
): Promise<Candidate> {
  const stored = known(await releases.published(tag))
  const kept = stored === null ? null : await releases.manifest(stored)
  if (stored === null || kept === null) throw noCandidate(tag)
  const { manifest } = kept
  refuseOthers(making, manifest)
  const sha = known(await repository.resolveTag(tag))
  if (sha !== manifest.commit) throw movedCandidate(tag, manifest.commit, sha)
  const frozen = config.readFrozen(await configAt(repository, making.configPath, sha, tag))
  const schema = frozen.schema === null ? null : known(await repository.file(frozen.schema, sha))
  const { baseVersion } = frozen
  requireUntouched(manifest, stored, { tag, sha, baseVersion, schemaVersion: schema?.trim() ?? null }, frozen)
  const files: NewFile[] = []
  for (const artifact of manifest.artifacts) {
    const { name, sha256, 'media-type': mediaType } = artifact
    files.push({ name, sha256, mediaType, content: await releases.download(stored, artifact) })
  }
  return { manifest, files }
}

/** A final release has exactly the parts of its candidate: other artifacts are refused. */
function refuseOthers({ commit, artifacts, from }: Making, manifest: Manifest): void {
  if (artifacts.length > 0) throw mixed('artifacts', `the artifacts of ${from} are copied`)
  if (commit !== null && commit !== manifest.commit)
    throw mixed('commit', `${from} is of ${manifest.commit}, not of ${commit}`)
}

const mixed = (input: string, because: string) =>
  new Problem('input-invalid', {
    what: `The input ${input} does not go with from: ${because}.`,
    why: 'A candidate becomes final with the same commit and the same artifacts, so that what was tried out is what is released.',
    next: `Leave ${input} out, or leave from out to make a release of its own. Nothing was created.`,
  })

const noCandidate = (tag: string) =>
  new Problem('manifest-missing', {
    what: `There is no release ${tag} with a manifest.`,
    why: 'A candidate is made with the release workflow; a tag alone, a draft or a release made by hand holds no digests to copy by.',
    next: 'Correct the tag in from, or make the candidate first. Nothing was created.',
  })

const movedCandidate = (tag: string, was: string, is: string | null) =>
  tagMoved(
    { tag, was, is, since: 'the candidate was made' },
    'Find out who moved it and why, then make a new candidate with a new tag. Nothing was created.',
  )
