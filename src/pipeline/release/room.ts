import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import type { Manifest } from '../../domain/release/manifest.ts'
import type { Run } from '../../domain/release/release.ts'
import type { Ports, StoredRelease } from '../ports.ts'

/** The room for a release of this tag. */
export type Room =
  /** This run itself has made the release, and could not report it. */
  | {
      readonly kind: 'made'
      readonly stored: StoredRelease
      readonly manifest: Manifest
      readonly sha256: string
    }
  | {
      readonly kind: 'free'
      /** The draft that another run began and left. */
      readonly draft: StoredRelease | null
      /** The releases that there are, newest first. */
      readonly others: readonly StoredRelease[]
      /** Throws `release-exists` if the existing parts are of another commit. */
      claim(commit: string): void
    }

export type FreeRoom = Extract<Room, { kind: 'free' }>

/** Throws `release-exists` for an existing tag or release, `tag-ambiguous` for a branch of that name. */
export async function findRoom(
  { repository, releases }: Pick<Ports, 'repository' | 'releases'>,
  tag: string,
  run: Run,
): Promise<Room> {
  const all = await releases.all()
  const there = all.filter((one) => one.tag === tag)
  const published = there.find(({ draft }) => !draft)
  if (published !== undefined) {
    const kept = await releases.manifest(published)
    if (kept?.manifest.created['run-id'] === run.id) return { kind: 'made', stored: published, ...kept }
    throw exists(`The release ${tag} exists already: ${published.url}`)
  }
  if (known(await repository.resolveBranch(tag)) !== null) throw branchInTheWay(tag)
  const draft = there[0] ?? null
  const tagged = known(await repository.resolveTag(tag))
  if (draft === null && tagged !== null) throw exists(`The tag ${tag} exists already, on ${tagged}.`)
  if (draft !== null) await refuseWhileMade({ repository }, draft, run)
  return {
    kind: 'free',
    draft,
    others: all.filter((one) => !one.draft),
    claim(commit) {
      if (tagged !== null && tagged !== commit)
        throw exists(`The tag ${tag} exists already, on ${tagged}, and this release is of ${commit}.`)
      if (draft !== null && draft.target !== commit)
        throw exists(
          `A draft of ${tag} exists already, of ${draft.target}, and this release is of ${commit}.`,
        )
      if (draft !== null && runIn(draft) === null)
        throw exists(`A draft of ${tag} exists already, and was made by hand.`)
    },
  }
}

/** Returns the text of a draft while it is made: another run can then check if that run is still live. */
export const inTheMaking = ({ id, attempt, url }: Run): string =>
  `In the making: ${url}\n\n<!-- rollgate: run ${id}, attempt ${attempt} -->`

async function refuseWhileMade(
  { repository }: Pick<Ports, 'repository'>,
  draft: StoredRelease,
  run: Run,
): Promise<void> {
  const other = runIn(draft)
  if (other === null || other.id === run.id) return
  const state = await repository.runState(other.id, other.attempt)
  if (state === 'over') return
  throw exists(
    state === 'live'
      ? `Another run is making the release ${draft.tag} just now: run ${other.id}.`
      : `Run ${other.id} began the draft of ${draft.tag}, and GitHub does not show that run: it may still be at work. Delete the draft if it is not.`,
  )
}

function runIn({ text }: StoredRelease): Pick<Run, 'id' | 'attempt'> | null {
  const [, id, attempt] = /<!-- rollgate: run (\d+), attempt (\d+) -->/.exec(text) ?? []
  return id === undefined ? null : { id: Number(id), attempt: Number(attempt) }
}

const exists = (what: string) =>
  new Problem('release-exists', {
    what,
    why: 'A release is made once and never changes: whatever is to be different needs a release of its own.',
    next: 'Choose a new tag, or delete the unfinished draft or tag if it is unused. Nothing was created.',
  })

const branchInTheWay = (tag: string) =>
  new Problem('tag-ambiguous', {
    what: `${tag} is the name of a branch.`,
    why: 'Git and people would take the tag for the branch, and then another commit than the released one is deployed.',
    next: `Choose another tag, or delete or rename the branch ${tag}. Nothing was created.`,
  })
