import { createHash } from 'node:crypto'
import { onEngines } from '../config/declared-service.ts'
import { type EngineService, manifestsOn } from '../config/engine-recipe.ts'
import type { Step } from '../step/step.ts'
import { handOverSteps } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'

/** A manifest of a release that an engine gets, as its commit has it. */
export interface PlannedManifest {
  readonly service: string
  readonly path: string
  /** Why it was not read; a digest otherwise. */
  readonly found: { readonly sha256: string } | { readonly why: string }
}

/** A manifest as a run has it when it is applied. */
export interface ManifestRead {
  readonly path: string
  readonly sha256: string
}

/** The difference that manifests make to an engine. */
export interface ManifestsCompared {
  readonly files: readonly ManifestRead[]
  /** One change a line, like `Deployment web: spec.replicas: 2 → 3`. No value of a Secret is in it. */
  readonly changes: readonly string[]
}

/** The changes that a journal keeps. One line more says how many it leaves out. */
export const mostChanges = 60

/** Returns the manifests that the steps of a plan apply: a restart applies none, and one stand-in is brought up once. */
export const manifestsOf = (steps: readonly Step[]): { service: string; path: string }[] => [
  ...openedIn(steps).flatMap(({ name, engine }) =>
    manifestsOn(engine).map((path) => ({ service: onStandIn(name), path })),
  ),
  ...handOverSteps(steps).flatMap(({ service: { name, engine }, restart }) =>
    restart ? [] : manifestsOn(engine).map((path) => ({ service: name, path })),
  ),
]

/** Returns the name by which a service of the stand-in is told from that of home. */
export const onStandIn = (service: string): string => `${service} on the stand-in`

const openedIn = (steps: readonly Step[]): EngineService[] =>
  steps.flatMap((step) =>
    'detour' in step && traitsOf(step).remembers === 'detour' ? onEngines(step.detour.services) : [],
  )

export const digestOfText = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Returns the files that are not as the commit of the release has them. */
export const changedSince = (
  planned: readonly PlannedManifest[],
  { files }: ManifestsCompared,
): ManifestRead[] =>
  files.filter(({ path, sha256 }) =>
    planned.some((one) => one.path === path && 'sha256' in one.found && one.found.sha256 !== sha256),
  )
