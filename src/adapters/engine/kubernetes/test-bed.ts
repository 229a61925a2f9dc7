import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { EngineTestBedControl } from '../../../pipeline/ports.ts'
import type { Calling } from '../tool.ts'
import { APPLY } from './change.ts'
import { notMade } from './failures.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import { rolloutsOf } from './rollouts.ts'
import { readWhole, type WholeWorkload, withImagesIn } from './template.ts'

/** The label that keeps a test bed's pods apart; a Service does not ask for it. */
const LABEL = 'rollgate.dev/test-bed-of'

/** The longest time until the pod has ended: its own grace, and some more. */
const GONE_MS = 180_000

/** A Deployment of one replica beside that of the service, with the labels of its pods, so that it gets the same requests. */
export function testBedOn(here: KubernetesMeans): EngineTestBedControl | null {
  const { engine } = here
  if (engine.workload.kind !== 'deployment') return null
  const name = `${engine.workload.name}-rollgate-test`
  const beside: KubernetesMeans = {
    ...here,
    engine: { ...engine, workload: { kind: 'deployment', name }, manifests: [] },
  }
  return {
    async open(images, variables, watch) {
      const failure = await apply(here, name, images, { variables, watch })
      return failure ?? rolloutsOf(beside).handOver({ images, to: 'new' }, { variables, watch })
    },
    state: (variables, signal) => here.reader.state(beside.engine.workload, variables, signal),
    async close(variables, watch) {
      const words = ['delete', 'deployments.apps', name, '--ignore-not-found', '--cascade=foreground']
      const answer = await here.kubectl.ask(words, { variables, watch, timeout: GONE_MS })
      return answer.kind === 'answered'
        ? null
        : notMade(`The test bed of ${placeInWords(engine)} was not removed`, answer)
    },
  }
}

async function apply(
  here: KubernetesMeans,
  name: string,
  images: Images,
  calling: Calling,
): Promise<Failure | null> {
  const read = await readWhole(here, calling)
  if ('code' in read) return read
  const input = JSON.stringify(siblingOf(read, name, images))
  const answer = await here.kubectl.ask(APPLY, { ...calling, input })
  return answer.kind === 'answered'
    ? null
    : notMade(`The test bed of ${placeInWords(here.engine)} was not made`, answer)
}

/** The workload owns it: one that is left behind goes with it. */
function siblingOf({ metadata, spec }: WholeWorkload, name: string, images: Images): object {
  const mark = { [LABEL]: metadata.name }
  const { template, selector } = spec
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      labels: mark,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name, uid: metadata.uid },
      ],
    },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 1,
      minReadySeconds: spec.minReadySeconds,
      progressDeadlineSeconds: spec.progressDeadlineSeconds,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...mark } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...mark } },
        spec: { ...template.spec, containers: withImagesIn(template.spec.containers, images) },
      },
    },
  }
}
