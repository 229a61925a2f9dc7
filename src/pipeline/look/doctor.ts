import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { haltLabelsOf, type RepositoryRead } from '../../domain/doctor/diagnosis.ts'
import type { Ports, RepositorySettings } from '../ports.ts'

const workflows = ['.github/workflows/rollgate.yml', '.github/workflows/rollgate-watch.yml']

/** Reads all that a diagnosis needs, at once. Changes nothing. */
export async function examine(
  settings: RepositorySettings,
  { repository }: Pick<Ports, 'repository'>,
  policies: readonly Pick<EnvironmentPolicy, 'halt'>[],
): Promise<RepositoryRead> {
  const labels = haltLabelsOf(policies)
  const known = Promise.all(labels.map(async (label) => [label, await settings.label(label)] as const))
  const [isPublic, immutableReleases, environments, ...files] = await Promise.all([
    settings.isPublic(),
    settings.immutableReleases(),
    settings.environments(),
    ...workflows.map((path) => repository.file(path, null)),
  ])
  const there = workflows.map((path, at) => [path, files[at]])
  return {
    ...{ isPublic, immutableReleases, environments, workflows: Object.fromEntries(there) },
    haltLabels: Object.fromEntries(await known),
  }
}
