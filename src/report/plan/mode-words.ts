import type { Plan } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { code, text } from '../text/markdown.ts'

/** The words of pages and the log for one mode, as Markdown if a plan is given. */
export interface ModeWords {
  /** The name of the mode in the history; the steps that it was about say more than that for some. */
  readonly deed: (mode: Mode, subject: readonly string[]) => string
  /** The words on the way back; null where the plan has a verdict on it. */
  readonly wayBack: ((plan: Pick<Plan, 'environment' | 'release'>) => string) | null
  /** The words for a release without one before it. */
  readonly nothingBack: (release: string) => string
  /** An instance that needs no change, in the plural. */
  readonly already: string
  /** The advice after an abandoned deployment; null if it depends on the changed instances. */
  readonly abandoned: string | null
}

const withServices = (mode: Mode, subject: readonly string[]): string => {
  const services = subject.map((step) => step.replace(/^roll-services\//, ''))
  return services.length === 0 ? mode : `${mode} (${services.join(', ')})`
}

const brings: ModeWords = {
  deed: withServices,
  wayBack: null,
  nothingBack: (release) => `There is none: no release served here before ${release}.`,
  already: 'serve the release',
  abandoned: null,
}

const bringsNone: ModeWords = {
  ...brings,
  wayBack: ({ release }) => `None is needed: ${text(release.tag)} serves before and after.`,
}

export const modeWords: { readonly [M in Mode]: ModeWords } = {
  deploy: brings,
  rollback: {
    ...brings,
    nothingBack: (release) => `Nothing further back: the ledger remembers no release before ${release}.`,
  },
  redeploy: brings,
  restart: {
    ...bringsNone,
    already: 'are restarted',
    abandoned:
      'Everything was left as it was at that moment. See to the instances below that did not come back, and restart them again.',
  },
  'scheduler-run': bringsNone,
  'maintenance-on': bringsNone,
  'maintenance-off': bringsNone,
  'close-detour': bringsNone,
  'discard-failed-home': {
    ...bringsNone,
    wayBack: () => 'There is none: a failed home that was removed is gone.',
  },
  task: {
    ...bringsNone,
    deed: (_, subject) => subject.join(', '),
    wayBack: () => 'There is none: what a task did stays done.',
  },
  restore: {
    ...bringsNone,
    deed: (_, subject) => subject.join(', '),
    wayBack: () => 'There is none: what was written since the backup is lost.',
  },
  'restore-aside': {
    ...brings,
    deed: () => 'restore behind a detour',
    nothingBack: () => 'There is none: what was written since the backup is lost.',
  },
  'complete-migration': {
    ...bringsNone,
    wayBack: ({ release }) =>
      `None across the migration: it cannot be rolled back once it is completed. ${text(release.tag)} serves before and after.`,
  },
  build: {
    ...bringsNone,
    wayBack: ({ environment }) => `None is needed: nothing of ${code(environment.name)} changes.`,
  },
}
