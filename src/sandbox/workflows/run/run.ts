import { type Contexts, fill } from '../file/expression.ts'
import { registered } from '../job/environment.ts'
import type { ActionsSite } from '../site/actions-site.ts'
import { standardGrants } from '../site/grants.ts'
import type { RunConclusion } from '../site/run-register.ts'
import { type ConcurrencyFile, parseWorkflow } from '../workflow-file.ts'
import type { PlacedFile } from './called-file.ts'
import { baseContexts } from './contexts.ts'
import type { Frame, LiveRun } from './frame.ts'
import { playFile } from './graph.ts'
import { memberOf } from './group.ts'
import { formInputs } from './inputs.ts'
import { reviewDesk } from './review-desk.ts'
import type { PlayedJob, PlayedRun, RunStart } from './run-start.ts'
import { allSecrets, noSecrets } from './secrets-in-reach.ts'
import { requireDefaultBranch } from './start-refused.ts'
import { startupProblems } from './startup.ts'

export interface StartedRun {
  readonly id: number
  readonly ended: Promise<PlayedRun>
  /** Ends what runs by signals, and starts nothing more but steps and jobs that ask to. */
  cancel(): void
}

/** Starts a run of a workflow. Throws `FormRefused` if GitHub does not take the form. */
export function startRun(site: ActionsSite, start: RunStart): StartedRun {
  requireDefaultBranch(site, start)
  const text = site.repositories[start.repository]?.read(start.workflow, start.ref)
  if (text === undefined) throw new Error(`${start.repository} has no ${start.workflow} at ${start.ref}`)
  const placed = { repository: start.repository, ref: start.ref, path: start.workflow, text }
  const aborting = new AbortController()
  const cancel = (): void => aborting.abort()
  const inputs = inputsOf(site, start, placed)
  return { id: start.id, cancel, ended: play(site, start, placed, inputs, aborting) }
}

function inputsOf({ inForce }: ActionsSite, { event }: RunStart, { text }: PlacedFile): Contexts {
  const form = parseWorkflow(text).on.workflow_dispatch ?? {}
  return event.name === 'workflow_dispatch' ? formInputs(form, event.inputs, inForce) : {}
}

async function play(
  site: ActionsSite,
  start: RunStart,
  placed: PlacedFile,
  inputs: Contexts,
  aborting: AbortController,
): Promise<PlayedRun> {
  const granted = standardGrants
  const problems = await startupProblems(site, placed, granted)
  const ended = (
    conclusion: RunConclusion,
    jobs: PlayedRun['jobs'] = {},
    contexts: Contexts = {},
  ): PlayedRun => {
    site.register.end(start.id, conclusion)
    return { start, conclusion, problems, jobs, contexts }
  }
  const file = parseWorkflow(placed.text)
  const isFork = start.event.name === 'pull_request' && start.event.fork
  const secrets = isFork && site.inForce('fork-gets-no-secrets') ? noSecrets : allSecrets(site.secrets)
  const bare: Omit<Frame, 'run'> = { ...placed, file, prefix: '', inputs, granted, secrets, env: {} }
  const live: Omit<LiveRun, 'place'> = {
    ...{ site, start, cancelled: aborting.signal, cancel: () => aborting.abort() },
    desk: reviewDesk(site.gates, site.inForce('approvals-in-batches')),
    inTurn: turns(),
  }
  const place = placeOf(file.concurrency, { ...bare, run: { ...live, place: null } }, live.cancel)
  const run: LiveRun = { ...live, place }
  site.register.begin(registered(run))
  if (problems.length > 0) return ended('startup_failure')
  if (place !== null && (await site.groups.enter(place.group, place.member)) === 'cancelled')
    return ended('cancelled')
  try {
    const { own, below } = await playFile({ ...bare, run })
    return ended(conclusionOf(Object.values(own), aborting.signal), { ...own, ...below })
  } finally {
    if (place !== null) site.groups.leave(place.group, place.member)
  }
}

function placeOf(
  concurrency: ConcurrencyFile | undefined,
  frame: Frame,
  cancel: () => void,
): LiveRun['place'] {
  if (concurrency === undefined) return null
  const filled = fill(concurrency, baseContexts(frame), { status: 'success', hashFiles: () => '' })
  return memberOf(filled as ConcurrencyFile, cancel)
}

function conclusionOf(jobs: readonly PlayedJob[], cancelled: AbortSignal): RunConclusion {
  if (jobs.some(({ result }) => result === 'failure')) return 'failure'
  return cancelled.aborted || jobs.some(({ result }) => result === 'cancelled') ? 'cancelled' : 'success'
}

/** One piece of work at a time. */
function turns(): LiveRun['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const own = last.then(work, work)
    last = own.catch(() => {})
    return own
  }
}
