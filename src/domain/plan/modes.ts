import type { StepKind } from '../step/step.ts'
import type { ModeTraits, Omission } from './mode-traits.ts'
import type { Mode } from './undertaking.ts'

const leftOut = (reason: string): Omission => ({ kind: 'left-out', reason })

const all = () => null
const only =
  (...kinds: readonly StepKind[]) =>
  (kind: StepKind): Omission =>
    kinds.includes(kind) ? null : { kind: 'unrelated' }

/** Each instance is prepared when it is changed, so that one that is down keeps no other from its release. */
const inItsTurn: { readonly [Kind in StepKind]?: Omission } = { prepare: { kind: 'unrelated' } }

const leftOutGoingBack: { readonly [Kind in StepKind]?: Omission } = {
  build: leftOut('a rollback deploys what was built then'),
  ...inItsTurn,
  backup: leftOut('a rollback never migrates'),
  migrate: leftOut('a rollback never migrates'),
  reset: leftOut('a rollback never migrates'),
  'check-compatibility': leftOut('a rollback never migrates, so that no schema is new'),
  bake: leftOut('a rollback must be quick'),
}

/** Visitors are on the stand-in, and a migration that is open goes with the whole database. */
const leftOutRestoring: { readonly [Kind in StepKind]?: Omission } = {
  ...leftOutGoingBack,
  backup: { kind: 'unrelated' },
  'roll-back-migration': { kind: 'unrelated' },
  'open-maintenance': leftOut('visitors are on the stand-in'),
  'close-maintenance': leftOut('visitors are on the stand-in'),
}

/** A redeployment only converges the instances, and proves it as a deployment does. */
const converging: ReadonlySet<StepKind> = new Set([
  'source',
  'approve',
  'roll-services',
  'hand-over',
  'verify',
  'bake',
  'record-version',
])

/** The common traits of deployments that bring no release; a row overrides them. */
const bringsNone = {
  bringsRelease: false,
  goesForward: false,
  goesBack: false,
  restores: false,
  findsServing: true,
  needsTag: false,
  target: 'serving',
  needs: null,
  shutsOut: false,
  rolls: null,
  testBed: false,
  mustBeProven: false,
  mustBeMadeWell: false,
  mustHaveFiles: false,
  changesEnvironment: true,
  waitsForWindow: true,
  heldBy: 'people',
} as const

/** A way back goes to a release that has served here, and must be quick: no proof, no test bed, no window. */
const goingBack = {
  bringsRelease: true,
  goesForward: false,
  goesBack: true,
  findsServing: false,
  needsTag: true,
  shutsOut: false,
  rolls: 'release',
  testBed: false,
  mustBeProven: false,
  mustBeMadeWell: false,
  mustHaveFiles: false,
  changesEnvironment: true,
  waitsForWindow: false,
  heldBy: 'nothing',
  success: 'closes',
} as const

/** The modes, in the order in which they are listed. A new mode is a row here and one in `report/plan/mode-words.ts`. */
export const modes: { readonly [M in Mode]: ModeTraits } = {
  deploy: {
    title: ({ release, environment }) => `Deploy ${release} to ${environment}`,
    bringsRelease: true,
    goesForward: true,
    goesBack: false,
    restores: false,
    findsServing: false,
    needsTag: true,
    target: 'named',
    omits: all,
    needs: null,
    shutsOut: false,
    rolls: 'release',
    testBed: true,
    mustBeProven: true,
    mustBeMadeWell: true,
    mustHaveFiles: true,
    changesEnvironment: true,
    waitsForWindow: true,
    heldBy: 'signals',
    success: 'closes',
  },
  rollback: {
    ...goingBack,
    title: ({ release, environment }) => `Roll ${environment} back to ${release}`,
    restores: false,
    target: 'before',
    omits: (kind) => leftOutGoingBack[kind] ?? null,
    needs: null,
  },
  redeploy: {
    title: ({ release, environment }) => `Redeploy ${release} to ${environment}`,
    bringsRelease: true,
    goesForward: false,
    goesBack: false,
    restores: false,
    findsServing: true,
    needsTag: true,
    target: 'serving',
    omits: (kind) =>
      inItsTurn[kind] ?? (converging.has(kind) ? null : leftOut('this release went through it here already')),
    needs: null,
    shutsOut: false,
    rolls: 'release',
    testBed: false,
    mustBeProven: false,
    mustBeMadeWell: true,
    mustHaveFiles: false,
    changesEnvironment: true,
    waitsForWindow: true,
    heldBy: 'people',
    success: 'closes',
  },
  restart: {
    ...bringsNone,
    title: ({ release, environment }) => `Restart ${release} in ${environment}`,
    omits: only('source', 'approve', 'roll-services', 'hand-over'),
    rolls: 'restart',
    success: 'closes',
  },
  'scheduler-run': {
    ...bringsNone,
    title: ({ release, environment }) => `Bring the scheduler of ${release} in ${environment}`,
    needs: 'scheduler',
    omits: only('source', 'approve', 'suspend-scheduler', 'deploy-scheduler', 'resume-scheduler'),
    success: 'follows',
  },
  // An outage does not wait for a window.
  'maintenance-on': {
    ...bringsNone,
    title: ({ environment }) => `Show the maintenance page of ${environment}`,
    needs: 'maintenance',
    shutsOut: true,
    omits: only('source', 'approve', 'open-maintenance'),
    waitsForWindow: false,
    success: 'follows',
  },
  'maintenance-off': {
    ...bringsNone,
    title: ({ environment }) => `Take the maintenance page of ${environment} off`,
    needs: 'maintenance',
    shutsOut: true,
    omits: only('source', 'approve', 'close-maintenance'),
    waitsForWindow: false,
    success: 'follows',
  },
  // Visitors may be on a stand-in that is not watched over: it waits for no window.
  'close-detour': {
    ...bringsNone,
    title: ({ environment }) => `Close the detour of ${environment}`,
    needs: 'detour',
    omits: only(
      ...(['source', 'approve', 'suspend-scheduler', 'join-detour'] as const),
      ...(['roll-services', 'hand-over'] as const),
      ...(['close-detour', 'resume-scheduler'] as const),
    ),
    rolls: 'release',
    waitsForWindow: false,
    success: 'follows',
  },
  // A failed home has no visitor: its removal waits for no window.
  'discard-failed-home': {
    ...bringsNone,
    title: ({ environment }) => `Remove a failed home of ${environment}`,
    omits: only('source', 'approve', 'discard-failed-home'),
    mustHaveFiles: true,
    waitsForWindow: false,
    success: 'follows',
  },
  task: {
    ...bringsNone,
    title: ({ release, environment, task }) => `Run ${task} of ${release} in ${environment}`,
    omits: only('source', 'approve', 'task'),
    mustHaveFiles: true,
    success: 'follows',
  },
  // Whatever was written since is lost, so that visitors must not write while it runs.
  restore: {
    ...bringsNone,
    title: ({ environment, task }) => `Restore the database of ${environment}: ${task}`,
    restores: true,
    needs: 'backup',
    shutsOut: true,
    omits: only(
      ...(['source', 'approve', 'suspend-scheduler', 'open-maintenance', 'restore'] as const),
      ...(['close-maintenance', 'resume-scheduler'] as const),
    ),
    mustHaveFiles: true,
    waitsForWindow: false,
    success: 'follows',
  },
  // Visitors read on at the stand-in, home gets the backup and the release that served when it was made, and people look.
  'restore-aside': {
    ...goingBack,
    title: ({ release, environment, task }) =>
      `Restore the database of ${environment} behind a detour, with ${release}: ${task}`,
    restores: true,
    target: 'backup',
    omits: (kind) => leftOutRestoring[kind] ?? null,
    needs: 'backup',
    mustHaveFiles: true,
  },
  // Releases from before the migration no longer work afterwards, so it is never done in passing.
  'complete-migration': {
    ...bringsNone,
    title: ({ release, environment }) =>
      `Complete the open migration of ${environment}, which serves ${release}`,
    needs: 'migration',
    omits: only('source', 'approve', 'backup', 'complete-migration'),
    success: 'follows',
  },
  // A build changes nothing in the environment, but its commands see the secrets of the environment.
  build: {
    ...bringsNone,
    title: ({ release, environment }) => `Build ${release} for ${environment}`,
    findsServing: false,
    needsTag: true,
    target: 'named',
    needs: 'build',
    omits: only('source', 'approve', 'build'),
    mustHaveFiles: true,
    changesEnvironment: false,
    waitsForWindow: false,
    success: 'nothing',
  },
}

/** Every mode there is. */
export const allModes = Object.keys(modes) as readonly Mode[]

/** The modes that a freeze may hold, or let through. */
export const freezableModes = allModes.filter((mode) => modes[mode].changesEnvironment)

/** True if a mode takes an environment back on the database as it is. */
export const rollsBack = (mode: Mode): boolean => modes[mode].goesBack && !modes[mode].restores

/** The deed of a deployment in short: `deploy v1.2.0`. */
export const deedOf = ({
  mode,
  release,
}: {
  readonly mode: Mode
  readonly release: { readonly tag: string }
}): string => `${mode} ${release.tag}`

/** True if a deployment has brought its release for good. */
export const hasBrought = ({
  mode,
  outcome,
}: {
  readonly mode: Mode
  readonly outcome: { kind: string }
}): boolean => outcome.kind === 'succeeded' && modes[mode].bringsRelease
