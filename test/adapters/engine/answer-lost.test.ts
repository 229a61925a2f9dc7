import { describe, expect, test } from 'vitest'
import { createAws } from '../../../src/adapters/engine/ecs/aws.ts'
import { createKubernetes } from '../../../src/adapters/engine/kubernetes/control.ts'
import { kubectlOf } from '../../../src/adapters/engine/kubernetes/kubectl.ts'
import { createDocker } from '../../../src/adapters/engine/swarm/docker.ts'
import { failureOf } from '../../../src/adapters/engine/tool.ts'
import type { EcsEngine, KubernetesEngine } from '../../../src/domain/config/engine-recipe.ts'
import type { Shell } from '../../../src/pipeline/ports.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { aDigest } from '../../domain/a-plan.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'

/** Every call exits with 1 and these words on stderr. */
const saying = (...words: readonly string[]): Shell => ({
  async run(_command, _variables, watch) {
    for (const line of words) watch.line(line)
    return { kind: 'exited', code: 1, tail: words }
  },
})

const calling = { variables: {}, watch: listener() }

const engine: KubernetesEngine = {
  ...{ kind: 'kubernetes', workload: { kind: 'deployment', name: 'web' }, namespace: 'shop' },
  ...{ context: null, images: { app: '' }, manifests: [] },
}

describe('kubectl that fails', () => {
  test.each([
    'Error from server (Forbidden): deployments.apps "web" is forbidden: User "ci" cannot patch resource',
    'Error from server (NotFound): deployments.apps "web" not found',
    'Error from server (Conflict): Operation cannot be fulfilled on deployments.apps "web"',
    'The Deployment "web" is invalid: spec.template.spec.containers[0].image: Required value',
    'The request is invalid: the server rejected our request due to an error in our request',
    'error: the server doesn\'t have a resource type "deployments"',
    'error: unable to recognize "STDIN": no matches for kind "Web" in version "acme/v1"',
    'error: unknown flag: --subresource',
    'Error from server: admission webhook "policy.acme.dev" denied the request: no latest tag',
  ])('was refused by: %s', async (words) => {
    expect(await kubectlOf(engine, saying(words)).ask(['patch'], calling)).toHaveProperty('kind', 'refused')
  })

  test.each([
    'Unable to connect to the server: net/http: TLS handshake timeout',
    'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later',
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
    'Error from server: etcdserver: request timed out',
    'Error from server: etcdserver: leader changed',
    'error: unexpected EOF',
    'error: http2: client connection lost',
    'error: unexpected error when reading response body. Please retry. Original error: unexpected EOF',
    'read tcp 10.0.0.7:4711->10.0.0.1:6443: read: connection reset by peer',
    'error: context deadline exceeded',
    'error: You must be logged in to the server (Unauthorized)',
    'panic: runtime error: invalid memory address or nil pointer dereference',
  ])('left it open if the cluster has taken the order by: %s', async (words) => {
    expect(await kubectlOf(engine, saying(words)).ask(['patch'], calling)).toHaveProperty('kind', 'unheard')
  })

  test('is refused by its own words, with a warning before them', async () => {
    const warning = 'Warning: unknown field "spec.foo"'
    const refusal = 'Error from server (Forbidden): no'
    expect(await kubectlOf(engine, saying(warning, refusal)).ask(['patch'], calling)).toMatchObject({
      kind: 'refused',
      reason: 'Forbidden',
    })
  })
})

const ecs: EcsEngine = {
  ...{ kind: 'ecs', images: {}, cluster: 'shop', service: 'web', region: null },
  ...{ taskDefinition: null, create: null, endpoint: null },
}

describe('the aws CLI that fails', () => {
  test.each([
    'An error occurred (AccessDeniedException) when calling the RunTask operation: no',
    'An error occurred (ClusterNotFoundException) when calling the RunTask operation: Cluster not found.',
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
    'You must specify a region. You can also configure your region by running "aws configure".',
    'Parameter validation failed:',
    'aws: error: argument --cluster: expected one argument',
  ])('was refused by: %s', async (words) => {
    expect(await createAws(ecs, saying(words)).call(['run-task'], calling)).toHaveProperty('kind', 'refused')
  })

  test.each([
    'Read timeout on endpoint URL: "https://ecs.eu-west-1.amazonaws.com/"',
    'Connection was closed before we received a valid response from endpoint URL: "https://ecs.…/".',
    'An error occurred (ServerException) when calling the RunTask operation (reached max retries: 2)',
    'An error occurred (503) when calling the RunTask operation: Service Unavailable',
  ])('left it open if ECS has taken the order by: %s', async (words) => {
    expect(await createAws(ecs, saying(words)).call(['run-task'], calling)).toHaveProperty('kind', 'unheard')
  })
})

describe('the Docker CLI that fails', () => {
  test.each([
    'Error response from daemon: rpc error: code = InvalidArgument desc = port is in use',
    'Error response from daemon: This node is not a swarm manager.',
    'no such service: web',
    'unknown flag: --with-wings',
    '"docker service update" requires exactly 1 argument.',
  ])('was refused by: %s', async (words) => {
    expect(await createDocker(null, saying(words)).call(['service'], calling)).toHaveProperty(
      'kind',
      'refused',
    )
  })

  test.each([
    'error during connect: Post "http://docker/v1.44/services/web/update": EOF',
    'Error response from daemon: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'Error response from daemon: rpc error: code = Unavailable desc = transport is closing',
    "Error response from daemon: The swarm does not have a leader. It's possible that too few managers are online.",
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  ])('left it open if the swarm has taken the order by: %s', async (words) => {
    expect(await createDocker(null, saying(words)).call(['service'], calling)).toHaveProperty(
      'kind',
      'unheard',
    )
  })
})

test('a change whose answer was lost is told as one that may have been made', async () => {
  const lost = { kind: 'unheard', words: 'Read timeout on endpoint URL', tail: [] } as const
  expect(failureOf('ECS did not take web over', lost)).toMatchObject({
    code: 'engine-unknown',
    what: 'ECS did not take web over, or its answer was lost: Read timeout on endpoint URL',
  })
  const shell: Shell = {
    async run(_command, variables, watch) {
      const words = Object.values(variables)
      const answer = (object: unknown) => (watch.answer ?? watch.line)(JSON.stringify(object))
      if (words.includes('patch')) {
        watch.line('error: unexpected EOF')
        return { kind: 'exited', code: 1, tail: [] }
      }
      answer(words.some((word) => word?.includes('pods')) ? { items: [] } : aDeployment)
      return { kind: 'exited', code: 0, tail: [] }
    },
  }
  const files = { read: () => ({ why: 'it is not there' }) }
  const control = createKubernetes(engine, { shell, clock: createFakeClock(), files })
  const order = { images: { app: `shop@${aDigest('2')}` }, to: 'new' } as const
  expect(await control.handOver(order, {}, listener())).toMatchObject({
    code: 'engine-unknown',
    what: 'Deployment web in shop was not changed, or the answer was lost: error: unexpected EOF.',
  })
})

const aDeployment = {
  metadata: { name: 'web', uid: 'w', generation: 1 },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: {}, spec: { containers: [{ name: 'app', image: `shop@${aDigest('1')}` }] } },
  },
  status: { observedGeneration: 1 },
}
