import { Problem } from '../../domain/problem.ts'
import { shownPlan } from '../../domain/shown/shown-plan.ts'
import type { CommandName } from '../../inputs/definitions.ts'
import type { TakenForm } from '../../inputs/form/unfold.ts'
import type { Hands } from '../run/hands.ts'
import { tellOutputs, told } from '../tell/outputs.ts'
import { announceBlock, announceHalt, announceSchedule, announceStart } from './announce.ts'
import { lookAsDoctor } from './doctor.ts'
import { tellRehearsal } from './rehearse.ts'

/** Commands of a form whose look is not the command itself: they write, or they do more than one thing. */
const looks: { readonly [Command in CommandName]?: (hands: Hands<Command>) => Promise<void> } = {
  block: announceBlock,
  halt: announceHalt,
  schedule: announceSchedule,
  deploy: announceStart,
  rehearse: lookAtRehearsal,
  doctor: lookAsDoctor,
}

/**
 * Reads everything that a form asks for, and names the job that does it. Where a look refuses, it names no
 * job: the run is red, and neither the noting nor the acting job starts.
 */
export async function lookDoor(
  hands: Hands,
  { row }: TakenForm,
  go: (hands: Hands) => Promise<void>,
): Promise<void> {
  const { command } = hands.inputs
  const look = (looks as Partial<Record<CommandName, (hands: Hands) => Promise<void>>>)[command] ?? go
  await look(hands)
  if (process.exitCode) return
  const idle = told('outcome') === 'already-deployed'
  const job = idle ? 'none' : row.job
  if (job === 'act' && row.withoutFiles !== true && told('sha') === '') throw nothingServes(hands)
  tellOutputs({ job })
}

/** A rehearsal begins with the files of the release that it goes back to. */
async function lookAtRehearsal(hands: Hands<'rehearse'>): Promise<void> {
  const { release, to, back } = await tellRehearsal(hands)
  if (back !== null) tellOutputs({ plan: JSON.stringify(shownPlan(back)), digest: back.digest })
  tellOutputs({ sha: to.sha, again: release.sha })
}

const nothingServes = ({ inputs }: Hands): Problem =>
  new Problem('nothing-serves', {
    what: `Nothing serves ${('environment' in inputs && inputs.environment) || 'the environment'} yet.`,
    why: 'Instances are compared with the release that serves, by the commands of that release.',
    next: 'Deploy a release first. Nothing was changed.',
  })
