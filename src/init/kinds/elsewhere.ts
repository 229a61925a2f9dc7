import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'

/** Signs of an app that is rolled by a system of its own, with the sentence about what is missing. */
const signs: readonly (readonly [string, RegExp, string])[] = [
  [
    'Kubernetes',
    /^(?:[\w-]+\/)*kustomization\.ya?ml$/,
    'the kubectl command that takes this release to the cluster',
  ],
  [
    'Kubernetes',
    /^(?:k8s|kubernetes|manifests)\/.+\.ya?ml$/,
    'the kubectl command that takes this release to the cluster',
  ],
  ['Docker Swarm', /^docker-stack\.ya?ml$/, 'the docker stack command that takes this release to the swarm'],
  ['Fly.io', /^fly\.toml$/, 'the fly command that takes this release to the app'],
  ['Serverless', /^serverless\.(?:ya?ml|ts)$/, 'the serverless command that takes this release to its stage'],
  [
    'Terraform',
    /^(?:[\w-]+\/)*main\.tf$/,
    'the terraform command that takes this release to the environment',
  ],
]

/** An app that a cluster or a cloud runs. Its command differs from team to team: it is left to a person. */
export function elsewhere(folder: FolderSeen): Sketch | null {
  for (const [title, pattern, missing] of signs) {
    const [because] = folder.matching(pattern)
    if (because === undefined) continue
    return sketch({
      title,
      because,
      running: { kind: 'unknown' },
      missing: [`${because} is there, so ${title} runs it: ${missing} is missing.`],
    })
  }
  return null
}
