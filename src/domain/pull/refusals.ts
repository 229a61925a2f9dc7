import { changesByItself, type PullFleet } from '../config/fleet.ts'
import type { Service } from '../config/service.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import type { Release } from '../release/release.ts'

/** Returns the reasons why the services on hosts that pull may not be rolled. */
export const pullRefusals = (
  mode: Mode,
  rolled: readonly Service[],
  { release }: Pick<World, 'release'>,
): ProblemWords[] =>
  rolled.flatMap(({ name, fleet }) =>
    changesByItself(fleet) ? [...unproven(name, release), ...unseenRestart(mode, name, fleet)] : [],
  )

const unproven = (service: string, { tag, manifest }: Release): ProblemWords[] =>
  manifest === undefined
    ? [
        {
          code: 'manifest-missing',
          what: `${tag} has no manifest, and the hosts of ${service} pull: their agents take no release without its digest.`,
          why: 'It is a tag alone, or its GitHub Release was made by hand.',
          next: 'Make a release with the release workflow, under a new tag, and deploy that.',
        },
      ]
    : []

/** The release is the same before and after: only the agent can tell that it has started it once more. */
const unseenRestart = (mode: Mode, service: string, { status }: PullFleet): ProblemWords[] =>
  modes[mode].rolls === 'restart' && status === null
    ? [
        {
          code: 'config-invalid',
          what: `${service} cannot be restarted: its hosts pull, and nothing would show that their agents have done it.`,
          why: 'An instance says the same release before and after a restart.',
          next: `Set services.${service}.fleet.pull.status to the address of the agents' reports.`,
        },
      ]
    : []

/** Returns warnings that agents will refuse to go back. */
export const pullWarnings = (rolled: readonly Service[], from: Release | undefined): string[] =>
  from === undefined || from.manifest !== undefined
    ? []
    : rolled
        .filter(({ fleet }) => changesByItself(fleet))
        .map(
          ({ name }) =>
            `${from.tag} has no manifest: the agents of ${name} cannot be taken back to it, only onward to another release.`,
        )
