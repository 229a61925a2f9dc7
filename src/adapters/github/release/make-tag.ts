import { Problem } from '../../../domain/problem.ts'
import { known } from '../../../domain/reading.ts'
import { ask } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { mayPass, repeatable } from '../patience.ts'
import { resolveTag } from '../references.ts'

/** Seconds before a refused reference is tried again: its object may not have reached each copy of GitHub's yet. */
const waits = [1, 3]

/**
 * Makes a tag, an annotated one where there is a message; returns false if the tag is of another commit already. The object
 * of an annotated tag comes first, then the reference: only that makes it a tag, and it never moves one.
 */
export async function makeTag(github: GitHub, name: string, sha: string, message: string): Promise<boolean> {
  const asking = { doing: `make the tag ${name}`, needs: 'contents: write' } as const
  const object = { ...github.place, ...repeatable, tag: name, message, object: sha, type: 'commit' } as const
  const target = message === '' ? sha : (await ask(asking, github.rest.git.createTag(object))).sha
  const made = { ...github.place, ...repeatable, ref: `refs/tags/${name}`, sha: target }
  for (const wait of [...waits, null]) {
    try {
      await ask(asking, github.rest.git.createRef(made))
      return true
    } catch (failure) {
      const now = known(await resolveTag(github, name))
      if (now !== null) return now === sha
      if (wait === null || !mayPass(failure) || isRuled(failure)) throw maybeBurned(failure, name)
      await github.wait(wait)
    }
  }
  throw new Error('the last try answers or throws')
}

const isRuled = (failure: unknown): failure is Problem =>
  failure instanceof Problem && /creations being restricted/i.test(failure.what)

/** GitHub calls this a rule of the repository, although its settings show none. */
function maybeBurned(failure: unknown, tag: string): unknown {
  if (!isRuled(failure)) return failure
  const { what, cause } = failure
  return new Problem(
    'github-refused',
    {
      what,
      why: `A ruleset keeps tags like ${tag} from being made, or an immutable release had this tag once: GitHub then never gives the name again, even if the release was deleted.`,
      next: 'Look at the rulesets for tags under Settings, Rules; where none covers it, take another tag.',
    },
    cause,
  )
}
