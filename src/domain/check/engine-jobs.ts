import { jobOf } from '../config/command-fleet.ts'
import { type DeclaredService, isOnEngine } from '../config/declared-service.ts'
import type { EngineRecipe } from '../config/engine-recipe.ts'
import { stepCommands } from '../config/runner-commands.ts'
import type { Step } from '../step/step.ts'
import { type CheckFinding, found } from './finding.ts'

/** True for an engine that runs a command as a job of its own. */
const runsJobs: { readonly [Kind in EngineRecipe['kind']]: boolean } = {
  kubernetes: true,
  swarm: true,
  ecs: true,
  command: false,
}

/** Finds commands that are to run as a job of an engine by commands, which has none. */
export const engineJobFindings = (
  steps: readonly Step[],
  services: readonly DeclaredService[],
): CheckFinding[] =>
  steps.flatMap(stepCommands).flatMap(({ key, command }) => {
    const on = services.find(({ name }) => name === jobOf(command)?.service)
    if (on === undefined || !isOnEngine(on) || runsJobs[on.engine.kind]) return []
    return [
      found('problem', key, {
        what: `${key} is to run as a job of the engine of ${on.name}, and an engine by commands has no jobs.`,
        next: 'Leave `on` out, and have the command start the job itself.',
      }),
    ]
  })
