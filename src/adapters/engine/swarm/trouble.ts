import type { SwarmService, SwarmTask } from './service-shape.ts'

/** A replica that is not ready, and the task whose end says why. */
export interface TroubledTask {
  readonly replica: string
  readonly task: SwarmTask
  readonly lasting: boolean
}

/** The ends of a task that was meant to run on. */
const bad = new Set(['failed', 'rejected', 'complete', 'orphaned'])

/** A second end in the same place is no accident: Docker starts it every five seconds, for ever. */
const OFTEN = 2

/**
 * Returns the replicas of the newest image that are not up, by the place of each, with the last end there. Ends from before
 * this update do not count: a second try of the same image starts without them.
 */
export function troubledIn(service: SwarmService, ofNewest: readonly SwarmTask[]): readonly TroubledTask[] {
  const since = Date.parse(service.UpdateStatus?.StartedAt ?? '1970-01-01T00:00:00Z')
  const tasks = ofNewest.filter((task) => begun(task) >= since).toSorted((a, b) => begun(b) - begun(a))
  const places = [...new Set(tasks.map(placeOf))]
  return places.flatMap((place) => {
    const there = tasks.filter((task) => placeOf(task) === place)
    const task = troubleAt(there)
    if (task === undefined) return []
    return [
      { replica: `${service.Spec.Name}.${place}`, task, lasting: there.filter(endedBadly).length >= OFTEN },
    ]
  })
}

/** Returns the last end in a place, or a task that cannot begin. None while a program runs there. */
function troubleAt(newestFirst: readonly SwarmTask[]): SwarmTask | undefined {
  if (newestFirst[0]?.Status.State === 'running') return undefined
  return newestFirst.find((task) => endedBadly(task) || isSaid(task.Status.Err))
}

const begun = (task: SwarmTask): number => Date.parse(task.CreatedAt)

const placeOf = (task: SwarmTask): string => String(task.Slot || task.NodeID)

const endedBadly = ({ Status }: SwarmTask): boolean => bad.has(Status.State)

const isSaid = (words: string | undefined): boolean => words !== undefined && words !== ''

/**
 * Returns the end of a task in Docker's words, with the exit code where its program had one. A program that stops cleanly
 * when Docker ends it for its health check looks as if it had ended by itself.
 */
export function endInWords({ Status }: SwarmTask): string {
  const { State, Err, Message, ContainerStatus } = Status
  if (State === 'complete') return 'ended with exit code 0, by itself or after a health check that failed'
  const words = isSaid(Err) ? Err : Message
  const code = ContainerStatus?.ExitCode ?? 0
  return [words, ...(code === 0 || words?.includes('exit') ? [] : [`exit code ${code}`])].join(', ')
}

/** True if the task had a container, which may have written something. */
export const hasWritten = ({ Status }: SwarmTask): boolean => isSaid(Status.ContainerStatus?.ContainerID)
