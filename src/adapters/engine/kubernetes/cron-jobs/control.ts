import type { CronJobs } from '../../../../domain/engine/cron-jobs.ts'
import type { Failure } from '../../../../domain/question/decision.ts'
import { absent, found, unknown } from '../../../../domain/reading.ts'
import type { SchedulerControl, Shell } from '../../../../pipeline/ports.ts'
import type { Calling } from '../../tool.ts'
import { wrongContext, wrongNamespace } from '../able/place.ts'
import { MANAGER } from '../change.ts'
import { notMade, unreadable } from '../failures.ts'
import { type Kubectl, kubectlOf } from '../kubectl.ts'
import { quietly } from '../reader.ts'
import { shaped } from '../shapes.ts'
import { cronJobsAndJobs, schedulerSeen } from './seen.ts'

/** The CronJobs of a namespace, by kubectl. */
export function createCronJobs(jobs: CronJobs, shell: Shell): SchedulerControl {
  const kubectl = kubectlOf(jobs, shell)
  const { namespace } = jobs
  return {
    async observe(variables, signal) {
      const calling = quietly(variables, signal)
      const place = { engine: jobs, kubectl }
      const context = await wrongContext(place, calling)
      if (context.kind !== 'absent')
        return context.kind === 'unknown' ? context : elsewhere(jobs, context.value)
      const missing = await wrongNamespace(place, calling)
      if (missing.kind !== 'absent') return missing.kind === 'unknown' ? missing : absent
      const answer = await kubectl.ask(['get', 'cronjobs.batch,jobs.batch', '-o', 'json'], calling)
      const read = answer.kind === 'answered' ? shaped(cronJobsAndJobs, answer.text) : null
      return read === null
        ? unreadable(`the CronJobs of ${namespace}`, answer)
        : found(schedulerSeen(read.items, jobs.names))
    },
    suspend: (names, variables, watch) =>
      each(names, (name) => setSuspend(kubectl, jobs, { name, to: true }, { variables, watch })),
    resume: (names, variables, watch) =>
      each(names, (name) => setSuspend(kubectl, jobs, { name, to: false }, { variables, watch })),
    async end(running, variables, watch) {
      if (running.length === 0) return null
      const words = ['delete', 'jobs.batch', ...running, '--ignore-not-found', '--cascade=foreground']
      const answer = await kubectl.ask([...words, '--wait=false'], { variables, watch })
      return answer.kind === 'answered'
        ? null
        : notMade(`The jobs ${running.join(', ')} in ${namespace} were not ended`, answer)
    },
  }
}

/** Another cluster is no answer about the one that is meant. */
const elsewhere = ({ namespace }: CronJobs, why: string) =>
  unknown({
    code: 'engine-unknown',
    what: `The CronJobs of ${namespace} were not read. ${why}`,
    why: 'The kubeconfig is of another cluster than the config means.',
    next: 'Correct the context of the kubeconfig, or that of the service.',
  })

/** One after another; the first failure ends it. */
async function each(
  names: readonly string[],
  change: (name: string) => Promise<Failure | null>,
): Promise<Failure | null> {
  for (const name of names) {
    const failure = await change(name)
    if (failure !== null) return failure
  }
  return null
}

async function setSuspend(
  kubectl: Kubectl,
  { namespace }: CronJobs,
  { name, to }: { readonly name: string; readonly to: boolean },
  calling: Calling,
): Promise<Failure | null> {
  const patch = JSON.stringify({ spec: { suspend: to } })
  const words = ['patch', 'cronjobs.batch', name, '--type=merge', `--field-manager=${MANAGER}`]
  const answer = await kubectl.ask([...words, '--patch', patch], calling)
  if (answer.kind === 'answered') return null
  if (answer.kind === 'refused' && answer.reason === 'NotFound') return null
  return notMade(`The CronJob ${name} in ${namespace} was not ${to ? 'suspended' : 'resumed'}`, answer)
}
