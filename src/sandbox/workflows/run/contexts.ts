import type { Contexts } from '../file/expression.ts'
import { ownerOf } from '../site/source-repository.ts'
import type { Frame } from './frame.ts'

const shortRef = (ref: string): string => ref.replace(/^refs\/(?:heads|tags)\//, '')

/** The contexts of a workflow file, before there is a job. A called file has those of its caller, but for its inputs. */
export function baseContexts({ run, inputs, file, prefix }: Frame): Contexts {
  const { start, site } = run
  const { organisation, repository } = site.variables
  const isCalled = prefix !== ''
  return {
    inputs,
    github: {
      ...{ event_name: start.event.name, event: eventOf(start.event), workflow: file.name ?? start.workflow },
      ...{ repository: start.repository, repository_owner: ownerOf(start.repository) },
      ...{ ref: start.ref, ref_name: shortRef(start.ref), sha: start.sha },
      ref_type: start.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
      ...{ workflow_ref: `${start.repository}/${start.workflow}@${start.ref}`, workflow_sha: start.sha },
      ...{ run_id: String(start.id), run_attempt: String(start.attempt), run_number: '1' },
      ...{ actor: start.actor, triggering_actor: start.triggeringActor },
      ...{ server_url: 'https://github.com', token: '' },
      ...site.github,
    },
    vars: isCalled && !site.inForce('called-variables-of-caller') ? {} : { ...organisation, ...repository },
    secrets: {},
    needs: {},
    matrix: {},
    strategy: {},
    env: {},
    steps: {},
    job: {},
    jobs: {},
    runner: {},
  }
}

const eventOf = (event: Frame['run']['start']['event']): object =>
  event.name === 'workflow_dispatch'
    ? {
        inputs: Object.fromEntries(
          Object.entries(event.inputs).map(([name, value]) => [name, String(value)]),
        ),
      }
    : event.name === 'schedule'
      ? { schedule: event.cron }
      : {}
