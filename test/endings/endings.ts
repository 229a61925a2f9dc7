import type { JobInputs } from '../../src/sandbox/stage.ts'

/** An ending of a detour: what is asked once it is open, and how the environment is afterwards. */
export interface Ending {
  readonly title: string
  /** The answer that stays right until the end: of the run that is lost, and of those that follow it. */
  readonly answer: 'complete' | 'revert' | 'revert-code' | null
  /** Returns the inputs of the run that is lost. `pause`: the question that waits before it; null without one. */
  ask(round: Round, pause: string): JobInputs
  /** A person leaves the deployment before, so that the detour stays behind it. */
  readonly abandoned?: true
  /** Brings the database back by this way; a promoted stand-in is home then, and no other round stands on the bed. */
  readonly revertBy?: 'copy-back' | 'promote'
  /** The time after which the detour has expired; null where that is long after its end. */
  readonly lasts: string | null
  /** The outcome of that run where nothing disturbs it. */
  readonly outcome: 'succeeded' | 'rolled-back' | 'waiting'
  /** The release whose files the run has. */
  checkout(round: Round): string
  /** The release that visitors have afterwards. */
  serves(round: Round): string
  /** True if home's database keeps the migration. */
  readonly migrated: boolean
}

/** The releases of a round. */
export interface Round {
  readonly before: string
  readonly after: string
  readonly better: string
  /** The name of the detour, once it is open. */
  readonly detour: string
}

const deciding = (answer: 'complete' | 'revert' | 'revert-code', more: Partial<Ending> = {}): Ending => ({
  title: answer,
  answer,
  ask: (_, pause) => ({ command: 'decide', pause, decision: answer, reason: 'looked at it' }),
  outcome: answer === 'complete' ? 'succeeded' : 'rolled-back',
  checkout: ({ after }) => after,
  serves: ({ before, after }) => (answer === 'complete' ? after : before),
  migrated: answer !== 'revert',
  lasts: null,
  ...more,
})

export const endings: readonly Ending[] = [
  deciding('complete'),
  deciding('complete', { title: 'complete once it has expired', lasts: '1s' }),
  deciding('revert', { title: 'revert by copying back', revertBy: 'copy-back' }),
  deciding('revert', { title: 'revert by promotion', revertBy: 'promote' }),
  deciding('revert-code'),
  {
    title: 'roll-forward, then complete',
    answer: 'complete',
    ask: ({ better }) => ({ command: 'deploy', release: better, 'roll-forward': 'true', detour: 'true' }),
    outcome: 'waiting',
    checkout: ({ better }) => better,
    serves: ({ better }) => better,
    migrated: true,
    lasts: null,
  },
  {
    title: 'close-detour by name',
    answer: null,
    abandoned: true,
    ask: ({ detour }) => ({
      ...{ command: 'deploy', only: 'close-detour' },
      ...{ 'open-detour': detour, as: 'revert-code', 'acknowledge-data-loss': 'true' },
    }),
    outcome: 'succeeded',
    checkout: ({ before }) => before,
    serves: ({ before }) => before,
    migrated: true,
    lasts: null,
  },
]
