/** Every code a run can end with: the `reason-code` output, and the headings of docs/problems.md. */
export const problemCodes = [
  'agent-failed',
  'approval-missing',
  'approval-rejected',
  'approver-not-allowed',
  'artifact-differs',
  'artifact-missing',
  'backup-unknown',
  'backup-unnamed',
  'base-differs',
  'bake-failed',
  'bake-inconclusive',
  'capacity-floor',
  'checkout-differs',
  'checkout-unknown',
  'checks-not-green',
  'command-failed',
  'command-not-found',
  'command-nowhere',
  'command-timed-out',
  'commit-missing',
  'config-invalid',
  'config-missing',
  'confirmation-missing',
  'decision-needed',
  'decision-not-offered',
  'decision-unasked',
  'deployment-open',
  'destructive-refused',
  'detour-disagrees',
  'detour-gone',
  'detour-left',
  'detour-loss',
  'detour-missing',
  'detour-moved',
  'detour-open',
  'detour-refused',
  'detour-short',
  'detour-stale',
  'detour-unknown',
  'detour-unseen',
  'detour-writable',
  'drain-timed-out',
  'drift-found',
  'engine-failed',
  'engine-late',
  'engine-no-digest',
  'engine-no-way-back',
  'engine-paused',
  'engine-refused',
  'engine-rolled-back',
  'engine-scaled-to-zero',
  'engine-stuck',
  'engine-superseded',
  'engine-unknown',
  'environment-locked',
  'environment-unknown',
  'environment-unprotected',
  'files-missing',
  'fork-refused',
  'form-invalid',
  'frozen',
  'github-refused',
  'github-unavailable',
  'halt-unheard',
  'halted',
  'holder-unknown',
  'host-key-changed',
  'host-key-unknown',
  'host-refused',
  'host-unfit',
  'host-unreachable',
  'input-invalid',
  'instance-unhealthy',
  'interrupted',
  'inspection-failed',
  'inventory-invalid',
  'ledger-elsewhere',
  'ledger-foreign',
  'ledger-newer',
  'lock-lost',
  'maintenance-open',
  'maintenance-page-missing',
  'maintenance-unseen',
  'manifest-missing',
  'manifest-newer',
  'migration-not-open',
  'migration-open',
  'migration-undone',
  'not-compatible',
  'not-converged',
  'not-rehearsed',
  'not-verified',
  'nothing-serves',
  'nothing-to-roll-back-to',
  'outcome-unknown',
  'outputs-invalid',
  'permission-missing',
  'phase-unknown',
  'plan-changed',
  'progress-stalled',
  'record-differs',
  'rehearsal-impossible',
  'release-blocked',
  'release-exists',
  'release-incompatible',
  'release-incomplete',
  'release-not-final',
  'release-older',
  'release-tampered',
  'restore-open',
  'rollback-unsafe',
  'schedule-early',
  'schedule-ended',
  'schedule-exists',
  'schedule-missed',
  'schedule-outdated',
  'schedule-time-invalid',
  'schedule-unknown',
  'scheduler-suspended',
  'self-test-failed',
  'single-instance',
  'soak-too-short',
  'status-late',
  'status-unexpected',
  'status-unknown',
  'tag-ambiguous',
  'tag-invalid',
  'tag-missing',
  'tag-moved',
  'test-bed-good',
  'test-bed-inconclusive',
  'test-bed-worse',
  'traffic-stuck',
  'traffic-unknown',
  'unexpected',
  'variables-missing',
  'verify-failed',
  'version-wrong',
] as const

export type ProblemCode = (typeof problemCodes)[number]

/** The words of a problem, apart from the error that carries them: it travels in plans and journals. */
export interface ProblemWords {
  readonly code: ProblemCode
  /** The event, with names and values. */
  readonly what: string
  /** The likely cause. */
  readonly why: string
  /** The next action. */
  readonly next: string
}

/** A failure that a person can act on. */
export class Problem extends Error implements ProblemWords {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly what: string
  readonly why: string
  readonly next: string

  constructor(code: ProblemCode, words: Omit<ProblemWords, 'code'>, cause?: unknown) {
    super(`${words.what} ${words.why} ${words.next}`, { cause })
    this.code = code
    this.what = words.what
    this.why = words.why
    this.next = words.next
  }

  get words(): ProblemWords {
    return { code: this.code, what: this.what, why: this.why, next: this.next }
  }
}

export const asProblem = (words: ProblemWords): Problem => new Problem(words.code, words)
