import { found, type Reading } from '../../../../domain/reading.ts'
import type { Calling } from '../../tool.ts'
import { unreadable } from '../failures.ts'
import type { KubernetesMeans } from '../means.ts'
import { workloadKinds } from '../workload-kinds.ts'

/** A right that a rollout needs, in the words of Kubernetes. */
interface Right {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly name?: string
}

/** One line a review. */
const ALLOWED = 'jsonpath={.status.allowed}{"\\n"}'

/** Asks the API server for each right; a review changes nothing, and every account may ask. Lists those that are missing. */
export async function missingRights(
  { engine: { workload, namespace }, kubectl }: KubernetesMeans,
  calling: Calling,
): Promise<Reading<readonly string[]>> {
  const rights = rightsFor(workload.kind, workload.name)
  const items = rights.map(({ verb, group, resource, name }) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: { namespace, verb, group, resource, ...(name === undefined ? {} : { name }) },
    },
  }))
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const answer = await kubectl.ask(['create', '-f', '-', '-o', ALLOWED], { ...calling, input })
  const lines = answer.kind === 'answered' ? answer.text.split('\n') : []
  const said = lines.filter((line) => /^(?:true|false)$/.test(line))
  if (said.length !== rights.length) return unreadable('the rights of this account', answer)
  const lacking = rights.filter((_right, at) => said[at] !== 'true')
  return found(lacking.map(inWords(namespace)))
}

function rightsFor(kind: keyof typeof workloadKinds, name: string): readonly Right[] {
  const { resource, revisions } = workloadKinds[kind]
  const apps = (verb: string, what: string, one?: string): Right => ({
    verb,
    group: 'apps',
    resource: what.replace('.apps', ''),
    ...(one === undefined ? {} : { name: one }),
  })
  return [
    apps('get', resource, name),
    apps('patch', resource, name),
    apps('list', revisions),
    { verb: 'list', group: '', resource: 'pods' },
  ]
}

const inWords =
  (namespace: string) =>
  ({ verb, resource, name }: Right): string =>
    `The account of the kubeconfig may not ${verb} ${resource}${name === undefined ? '' : `/${name}`} in ${namespace}.`
