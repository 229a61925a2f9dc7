import type { Failure } from '../../domain/question/decision.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { code } from '../text/markdown.ts'

export function headline(pause: Pause): string {
  switch (pause.kind) {
    case 'approval':
      return `${code(pause.step)} needs a decision`
    case 'wait':
      return 'its test bed is watched'
    case 'bake':
      return 'the whole environment is watched'
    case 'verdict':
      return verdictHeadlines[pause.failure.code] ?? 'the test bed could not be compared'
    case 'halt':
      return 'it is halted'
    case 'inspection':
      return 'it waits for an inspection'
    case 'revert-inspection':
      return 'going back, it waits for an inspection'
    case 'failed-instances':
      return `${firstOf(pause.instances)} ${instanceReasons[pause.failure.code] ?? shortReason(pause.failure)}`
    case 'failed-step':
    case 'no-capacity':
      return `${code(pause.step)} ${shortReason(pause.failure)}`
  }
}

const verdictHeadlines: Readonly<Record<string, string>> = {
  'test-bed-good': 'the test bed did well',
  'test-bed-worse': 'the test bed is worse than the others',
}

const firstOf = ([first = '', ...others]: readonly string[]): string =>
  `${code(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`

const shortReason = ({ code }: Failure): string => shortReasons[code] ?? 'failed'

/** The reasons that mean something else of an instance than of a step. */
const instanceReasons: Readonly<Record<string, string>> = {
  'not-compatible': 'does not suit the release that serves',
}

const shortReasons: Readonly<Record<string, string>> = {
  'capacity-floor': 'cannot continue without falling below the floor',
  'bake-failed': 'did not stay well',
  'bake-inconclusive': 'has no verdict',
  'engine-failed': 'was given up by its engine',
  'engine-late': 'took too long',
  'engine-paused': 'is paused on its engine',
  'engine-rolled-back': 'was taken back by its engine',
  'engine-scaled-to-zero': 'is scaled to zero',
  'engine-stuck': 'cannot go on by itself',
  'engine-superseded': 'met another rollout',
  'engine-unknown': 'cannot be seen on its engine',
  'command-timed-out': 'took too long',
  'instance-unhealthy': 'is not healthy',
  'not-compatible': 'found no safe rollback',
  'outcome-unknown': 'may or may not have finished',
  'progress-stalled': 'made no progress',
  'self-test-failed': 'failed its self test',
  'verify-failed': 'did not pass',
  'traffic-stuck': 'did not change its place in traffic',
  'version-wrong': 'runs the wrong release',
}
