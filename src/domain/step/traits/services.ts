import { duration } from '../../durations.ts'
import type { StepOf } from '../step.ts'
import type { Traits } from '../step-traits.ts'
import { always, noProof, plain, quiet } from './row.ts'
import { nothingToUndo, serviceBack } from './undo.ts'

/** The traits of the steps that change what serves, and judge it. */

export const rollServices: Traits<StepOf<'roll-services'>> = {
  ...plain,
  what: ({ restart }) =>
    restart ? 'stop and start the instances, batch by batch' : 'change the instances, batch by batch',
  impact: true,
  repeatable: always,
  save: 'none',
  undo: ({ restart, unvisited }, plan) =>
    restart || unvisited ? nothingToUndo() : serviceBack(plan, 'rolling the changed instances back'),
  neededWhere: 'named',
  onFailure: 'ask',
  whenStopped: 'keep-all',
  remembers: 'desired',
}

export const handOver: Traits<StepOf<'hand-over'>> = {
  ...plain,
  what: ({ restart }) =>
    restart
      ? 'have the engine replace every replica, and watch it'
      : 'have the engine roll to these digests, and watch it',
  impact: true,
  // A run that repeats it reads the engine first: what the engine wants already is not handed over again.
  repeatable: always,
  save: 'before',
  // The digests from before are handed over, never the engine's own word for going back.
  undo: ({ restart, unvisited }, plan) =>
    restart || unvisited ? nothingToUndo() : serviceBack(plan, 'handing over the digests that served before'),
  neededWhere: 'named',
  onFailure: 'ask',
  // Over the rollout of another author, or without an answer, only a person goes back.
  turnsBack: ({ service }, { code }) =>
    service.onFailure === 'roll-back' && !['engine-superseded', 'engine-unknown'].includes(code),
  proves: true,
  whenForced: `count the service as done, because someone has seen to it, and go on; ${noProof}`,
  whenStopped: 'keep-all',
  remembers: 'desired',
}

export const verify: Traits<StepOf<'verify'>> = {
  ...quiet,
  what: () => 'ask the front door if it serves the release',
  onFailure: 'ask',
  turnsBack: ({ onFailure }) => onFailure === 'roll-back',
  proves: true,
  whenForced: `continue although the front door did not pass; ${noProof}`,
}

export const bake: Traits<StepOf<'bake'>> = {
  ...quiet,
  what: ({ lasts }) => `watch the whole environment for ${duration(lasts)}`,
  onFailure: 'ask',
  // Without a verdict only a person may take a release back.
  turnsBack: ({ onFailure }, { code }) => onFailure === 'roll-back' && code !== 'bake-inconclusive',
  proves: true,
  whenForced: 'watch no longer, and let the release serve; it then has no proof for other environments',
}

export const recordVersion: Traits<StepOf<'record-version'>> = {
  ...quiet,
  what: () => 'record that the environment serves this release',
  files: 'none',
  onFailure: 'ask',
  notForcible: 'the record can only be written by trying again',
  remembers: 'serving',
}
