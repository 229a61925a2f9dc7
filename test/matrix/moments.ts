import type { RequestRecord } from '../../src/sandbox/github/log.ts'
import type { Stage } from '../../src/sandbox/stage.ts'

/**
 * The moments of a run at which a kill leaves another world behind. Between two of them the run only reads, so that a
 * kill at any of its requests there leaves the world of the moment before: a case for each would tell one story many
 * times. A moment is
 * - the first request, before which the run has changed nothing;
 * - each request after programs of the run have worked, before GitHub has done it;
 * - each change that others see at GitHub, once GitHub has done it. An object of git that no ref names is none.
 */
export interface Moment {
  /** True if GitHub does the request, and the run is killed before it hears of it. */
  readonly done: boolean
}

const change = /^\/repos\/[^/]*\/[^/]*\/(git\/refs|deployments|issues)/

const isChange = ({ method, path }: RequestRecord): boolean => method !== 'GET' && change.test(path)

/** The number of effects that programs of a run have had outside GitHub. */
export type Effects = (stage: Stage) => number

export const scriptsOf: Effects = ({ shop }) => shop.journal().length

/** Returns the moments of each request to come, in order: none, one, or two. */
export function momentsOf(stage: Stage, effects: Effects = scriptsOf): (request: RequestRecord) => Moment[] {
  let seen = -1
  return (request) => {
    const now = effects(stage)
    const before = now === seen ? [] : [{ done: false }]
    seen = now
    return [...before, ...(isChange(request) ? [{ done: true }] : [])]
  }
}

/** Calls back at the nth moment from now on. Its request waits, and is lost on its way where GitHub does not do it. */
export function atMoment(
  stage: Stage,
  nth: number,
  effects: Effects | undefined,
  strike: () => void,
): { readonly words: string | null; remove(): void } {
  const { github } = stage
  const moments = momentsOf(stage, effects)
  let seen = 0
  let words: string | null = null
  const hook = github.before(
    {},
    (request) => {
      if (words !== null) return
      const here = moments(request)
      const moment = here[nth - seen - 1]
      seen += here.length
      if (moment === undefined) return
      words = `${moment.done ? 'after' : 'before'} ${request.method} ${request.path}`
      strike()
      if (!moment.done)
        github.inject({
          on: { path: exactly(request.path) },
          with: { kind: 'drop' },
        })
    },
    { times: Number.POSITIVE_INFINITY },
  )
  return {
    get words() {
      return words
    },
    remove: hook.remove,
  }
}

const exactly = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^$\x7b\x7d()|[\]\\]/g, '\\$&')}$`)

/** Counts the moments of what happens until it is stopped. */
export function countMoments(stage: Stage, effects?: Effects): () => number {
  const moments = momentsOf(stage, effects)
  let seen = 0
  const count = (request: RequestRecord) => {
    seen += moments(request).length
  }
  const hook = stage.github.before({}, count, { times: Number.POSITIVE_INFINITY })
  return () => {
    hook.remove()
    return seen
  }
}
