import { Problem } from '../../../domain/problem.ts'
import { mapped, type Reading } from '../../../domain/reading.ts'
import { manifestName } from '../../../domain/release/manifest.ts'
import type { ReleaseStore, StoredRelease } from '../../../pipeline/ports.ts'
import { afterLoss } from '../after-loss.ts'
import { ask, find, look } from '../answer.ts'
import { checksOf } from '../checks.ts'
import type { GitHub } from '../connection.ts'
import { cutText } from '../cut-text.ts'
import { everyPage } from '../pages.ts'
import { repeatable } from '../patience.ts'
import { resolveBranch } from '../references.ts'
import { tagRules } from '../tag-rules.ts'
import { attachFile, downloadFile, isLost, noSuchFile } from './files.ts'
import { makeTag } from './make-tag.ts'
import { parseManifest } from './manifest-text.ts'
import { type GitHubRelease, toRelease } from './stored-release.ts'

export const gitHubReleases = (github: GitHub): ReleaseStore => ({
  commit: (name) => commit(github, name),
  checks: (sha) => checksOf(github, sha),
  async published(tag) {
    const asking = { doing: `read the release ${tag}`, needs: 'contents: read' } as const
    return mapped(
      await look(github, asking, github.rest.repos.getReleaseByTag({ ...github.place, tag })),
      toRelease,
    )
  },
  all: () => all(github),
  tagRules: (tag) => tagRules(github, tag),
  async manifest(release) {
    const file = release.files.find(({ name, whole }) => name === manifestName && whole)
    if (file === undefined) return null
    const { content, sha256 } = await downloadFile(github, release, file, file.sha256)
    return { manifest: parseManifest(await content.text(), release.tag), sha256 }
  },
  async download(release, artifact) {
    const file = release.files.find(({ name }) => name === artifact.name)
    if (file === undefined) throw noSuchFile(release, artifact.name)
    return (await downloadFile(github, release, file, artifact.sha256)).content
  },
  async notes(tag, sha, previous) {
    const { body } = await ask(
      { doing: `have the notes of ${tag} written`, needs: 'contents: write' },
      github.rest.repos.generateReleaseNotes({
        ...github.place,
        ...repeatable,
        tag_name: tag,
        target_commitish: sha,
        ...(previous === null ? {} : { previous_tag_name: previous }),
      }),
    )
    return body
  },
  draft: (tag, sha, text) => draft(github, { tag, sha, text }),
  async retext({ id, tag }, text) {
    await ask(
      { doing: `write the draft of ${tag}`, needs: 'contents: write' },
      github.rest.repos.updateRelease({ ...github.place, ...repeatable, release_id: id, body: text }),
    )
  },
  attach: (release, file) => attachFile(github, release, file),
  async detach({ id, name }) {
    await find(
      { doing: `take ${name} off the draft`, needs: 'contents: write' },
      github.rest.repos.deleteReleaseAsset({ ...github.place, ...repeatable, asset_id: id }),
    )
  },
  tag: (name, sha, message) => makeTag(github, name, sha, message),
  async publish({ id, tag }, { text, prerelease }) {
    const published = await ask(
      { doing: `publish the release ${tag}`, needs: 'contents: write' },
      github.rest.repos.updateRelease({
        ...github.place,
        ...repeatable,
        release_id: id,
        body: cutText(text, longestText),
        prerelease,
        draft: false,
        // Sorts by version and date: a fix of an older line must not be shown as the latest.
        make_latest: prerelease ? 'false' : 'legacy',
      }),
    )
    return toRelease(published)
  },
  async discard({ id, tag }) {
    await find(
      { doing: `take the draft of ${tag} away`, needs: 'contents: write' },
      github.rest.repos.deleteRelease({ ...github.place, ...repeatable, release_id: id }),
    )
  },
})

/** GitHub takes 125,000 characters. Without the cut, a release with long notes would fail when its tag is there already. */
const longestText = 125_000

async function commit(github: GitHub, name: string | null): Promise<Reading<string>> {
  const asking = { doing: 'read the default branch', needs: 'contents: read' } as const
  if (name !== null && /^[0-9a-f]{40}$/.test(name)) {
    const exactly = { doing: `read the commit ${name}`, needs: 'contents: read' } as const
    const reading = await look(
      github,
      exactly,
      github.rest.git.getCommit({ ...github.place, commit_sha: name }),
    )
    return mapped(reading, ({ sha }) => sha)
  }
  return resolveBranch(
    github,
    name ?? (await ask(asking, github.rest.repos.get(github.place))).default_branch,
  )
}

async function all(github: GitHub): Promise<StoredRelease[]> {
  const asking = { doing: 'list the releases', needs: 'contents: read' } as const
  const found = await everyPage<GitHubRelease>((page) =>
    ask(asking, github.rest.repos.listReleases({ ...github.place, per_page: 100, page })),
  )
  return found.map(toRelease)
}

interface Drafted {
  readonly tag: string
  readonly sha: string
  readonly text: string
}

/** Never repeated blindly: once an answer was lost, the draft may be there. */
async function draft(github: GitHub, wanted: Drafted, tries = 3): Promise<StoredRelease> {
  try {
    const made = await ask(
      { doing: `make the draft of ${wanted.tag}`, needs: 'contents: write' },
      github.rest.repos.createRelease({
        ...github.place,
        tag_name: wanted.tag,
        target_commitish: wanted.sha,
        name: wanted.tag,
        body: wanted.text,
        draft: true,
      }),
    )
    return toRelease(made)
  } catch (failure) {
    if (!isLost(failure)) throw workflowsDiffer(failure, wanted.sha)
    const isWanted = ({ draft, tag, text }: StoredRelease) =>
      draft && tag === wanted.tag && text === wanted.text
    const known = await afterLoss(github, async () => (await all(github)).find(isWanted) ?? null)
    if (known !== null) return known
    if (tries === 1) throw failure
    return draft(github, wanted, tries - 1)
  }
}

/** GitHub hides this reason behind a 404. */
function workflowsDiffer(failure: unknown, commit: string): unknown {
  if (!(failure instanceof Problem) || failure.code !== 'permission-missing') return failure
  const { what, why, next, cause } = failure
  const reason = `Or the workflows at ${commit} differ from those of the default branch: GitHub lets no \`GITHUB_TOKEN\` release that.`
  const way = 'For such a commit give `token` a token of a GitHub App that has `workflows: write`.'
  return new Problem('permission-missing', { what, why: `${why} ${reason}`, next: `${next} ${way}` }, cause)
}
