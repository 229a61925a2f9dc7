import {
  type CommandFleet,
  chosenIn,
  enginesFor,
  fleetsOn,
  instancesOf,
  jobOf,
} from '../config/command-fleet.ts'
import type { DeclaredService } from '../config/declared-service.ts'
import { programHostsOf } from '../config/detour-commands.ts'
import type { EngineService } from '../config/engine-recipe.ts'
import { awaitsHosts, changesByItself } from '../config/fleet.ts'
import { stepCommands } from '../config/runner-commands.ts'
import type { ProblemWords } from '../problem.ts'
import type { Step } from '../step/step.ts'

/** Returns the fleets that commands of these steps run on, and Rollgate's own programs for them. */
export const fleetsOfSteps = (steps: readonly Step[], services: readonly DeclaredService[]): CommandFleet[] =>
  fleetsOn(
    steps.flatMap((step) => [
      ...stepCommands(step).flatMap(({ command }) => instancesOf(command)?.service ?? []),
      ...('detour' in step ? programHostsOf(step.detour).map(({ service }) => service) : []),
    ]),
    services,
  )

/** Returns the services on whose engines commands of these steps run as jobs. */
export const enginesOfSteps = (
  steps: readonly Step[],
  services: readonly DeclaredService[],
): EngineService[] =>
  enginesFor(
    steps.flatMap(stepCommands).map(({ command }) => command),
    services,
  )

/** Returns the commands that are to be jobs of an engine which the config does not have. */
export const jobRefusals = (steps: readonly Step[], engines: readonly EngineService[]): ProblemWords[] =>
  steps.flatMap(stepCommands).flatMap(({ key, command }) => {
    const on = jobOf(command)
    if (on === null || engines.some(({ name }) => name === on.service)) return []
    return [nowhere(key, `as a job on the engine of ${on.service}, and that is no service on an engine here`)]
  })

/**
 * Returns the commands that have no place to run: the hook of the serving release may name a service that the new one
 * lacks. Hosts of an inventory are not known yet, and their names are judged once they are.
 */
export const placeRefusals = (
  steps: readonly Step[],
  fleets: readonly CommandFleet[],
  absent: readonly string[] = [],
): ProblemWords[] =>
  steps.flatMap(stepCommands).flatMap(({ key, command }) => {
    const on = instancesOf(command)
    if (on === null) return []
    const fleet = fleets.find(({ service }) => service === on.service)?.fleet
    if (fleet === undefined) {
      const why = absent.includes(on.service) ? 'which is absent here' : 'and there is no such service here'
      return [nowhere(key, `on ${on.service}, ${why}`)]
    }
    if (changesByItself(fleet))
      return [nowhere(key, `on ${on.service}, whose hosts pull and take no command`)]
    const { names, missing } = chosenIn(fleet, on.instances)
    if (missing.length === 0 || (names.length === 0 && awaitsHosts(fleet))) return []
    return [nowhere(key, `on ${missing.join(', ')}, which ${on.service} does not have here`)]
  })

const nowhere = (key: string, where: string): ProblemWords => ({
  code: 'command-nowhere',
  what: `${key} runs ${where}.`,
  why: 'A command runs on instances that the config of its environment has, and these are not among them.',
  next: 'Correct `on` of the command, or the instances of the environment. Nothing was changed.',
})
