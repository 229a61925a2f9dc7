import type { RepositoryRead } from '../../domain/doctor/diagnosis.ts'
import type { Ports, RepositorySettings } from '../ports.ts'

const workflows = ['.github/workflows/rollgate.yml', '.github/workflows/rollgate-watch.yml']

/** Reads all that a diagnosis needs, at once. Changes nothing. */
export async function examine(
  settings: RepositorySettings,
  { repository }: Pick<Ports, 'repository'>,
): Promise<RepositoryRead> {
  const [isPublic, immutableReleases, environments, ...files] = await Promise.all([
    settings.isPublic(),
    settings.immutableReleases(),
    settings.environments(),
    ...workflows.map((path) => repository.file(path, null)),
  ])
  const there = workflows.map((path, at) => [path, files[at]])
  return { isPublic, immutableReleases, environments, workflows: Object.fromEntries(there) }
}
