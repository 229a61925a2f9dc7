import { onTestFinished } from 'vitest'
import type { Command } from '../../../src/domain/config/command.ts'
import type { Host, SshFleet } from '../../../src/domain/config/fleet.ts'
import type { Failure } from '../../../src/domain/question/decision.ts'
import type { Finished, FleetControl, Variables } from '../../../src/pipeline/ports.ts'
import { command, listener } from '../../contracts/shell.contract.ts'
import { type ControlSide, type ControlSideOptions, openControlSide } from './ssh-control.ts'
import { fleetOf, hostNamed } from './ssh-recipe.ts'
import type { SshdFarm } from './sshd.ts'

export type Ran = Finished & { readonly lines: readonly string[] }

/** A fleet over a farm for one test, and few words to use it by. */
export interface SshStory {
  readonly fleet: FleetControl
  readonly control: ControlSide
  run(text: string, rest?: Partial<Command>, variables?: Variables): Promise<Ran>
  runOn(host: string, text: string, rest?: Partial<Command>, variables?: Variables): Promise<Ran>
  prepare(host: string, variables?: Variables): Promise<Failure | null>
}

export interface SshStoryOptions extends ControlSideOptions {
  readonly fleet?: Partial<SshFleet>
}

export function overSsh(farm: SshdFarm, { fleet: rest, ...options }: SshStoryOptions = {}): SshStory {
  const control = openControlSide(options)
  onTestFinished(() => control.close())
  const recipe = fleetOf(farm, rest)
  const fleet = control.fleets.fleet(recipe)
  const hostOf = (name: string): Host =>
    recipe.instances.find((each) => each.name === name) ?? hostNamed(name)

  async function runOn(host: string, text: string, given: Partial<Command> = {}, variables: Variables = {}) {
    const watch = listener()
    const finished = await fleet.run(hostOf(host), command(text, given), variables, watch)
    return { ...finished, lines: watch.lines }
  }
  return {
    fleet,
    control,
    runOn,
    run: (...asked) => runOn(recipe.instances[0]?.name ?? '', ...asked),
    prepare: (host, variables = {}) => fleet.prepare(hostOf(host), variables, listener()),
  }
}
