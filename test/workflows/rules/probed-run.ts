import { inForce, type RulesOff } from '../../../src/sandbox/rules/in-force.ts'
import { concurrencyGroups } from '../../../src/sandbox/workflows/run/concurrency.ts'
import { type StartedRun, startRun } from '../../../src/sandbox/workflows/run/run.ts'
import type { PlayedRun, RunEvent, RunStart } from '../../../src/sandbox/workflows/run/run-start.ts'
import { type Handler, sceneMachine } from '../../../src/sandbox/workflows/scene-machine.ts'
import { type ActionsSite, noValues } from '../../../src/sandbox/workflows/site/actions-site.ts'
import { gateKeeper, unprotected } from '../../../src/sandbox/workflows/site/gate-keeper.ts'
import type { Grants } from '../../../src/sandbox/workflows/site/grants.ts'
import { noRegister } from '../../../src/sandbox/workflows/site/run-register.ts'
import { newestRunner } from '../../../src/sandbox/workflows/site/runners.ts'
import { textRepository } from '../../../src/sandbox/workflows/site/source-repository.ts'

export const shop = 'acme/shop'
export const own = '.github/workflows/own.yml'
export const called = '.github/workflows/called.yml'

/** A step whose inputs and variables a probe sees. */
export const look = (given: object = {}) => ({ uses: 'acme/look@v1', with: given })

/** A job on a machine of GitHub's, with these fields over the others. */
export const job = (more: object = {}) => ({ 'runs-on': 'ubuntu-latest', steps: [look()], ...more })

/** A workflow that a form starts. */
export const form = (jobs: object, more: object = {}) => ({ on: { workflow_dispatch: {} }, jobs, ...more })

/** A workflow that others call. */
export const reusable = (jobs: object, call: object = {}) => ({ on: { workflow_call: call }, jobs })

export interface ProbedWorld {
  /** The workflow of the repository. */
  readonly workflow: object
  /** Workflows to call, by `owner/name`. */
  readonly callable?: Readonly<Record<string, object>>
  readonly event?: RunEvent
  readonly start?: Partial<RunStart>
  readonly site?: Partial<ActionsSite>
  /** The answer of the action that looks. */
  readonly answer?: Handler
}

export interface ProbedRun extends PlayedRun {
  /** The calls of the action that looks, in their order. */
  readonly seen: readonly Parameters<Handler>[0][]
  readonly tokens: readonly Grants[]
  readonly site: ActionsSite
}

export interface ProbedSite {
  readonly site: ActionsSite
  readonly seen: Parameters<Handler>[0][]
  readonly tokens: Grants[]
  start(change?: Partial<RunStart>): StartedRun
}

const withoutInputs: RunEvent = { name: 'workflow_dispatch', inputs: {} }

/** A GitHub of texts alone, in which a probe starts runs. */
export function probedSite(world: ProbedWorld, rules: RulesOff): ProbedSite {
  const seen: Parameters<Handler>[0][] = []
  const tokens: Grants[] = []
  const kept = inForce(rules)
  const site: ActionsSite = {
    inForce: kept,
    product: 'github.com',
    repositories: {
      [shop]: textRepository(shop, { [own]: JSON.stringify(world.workflow) }),
      ...Object.fromEntries(
        Object.entries(world.callable ?? {}).map(([name, workflow]) => [
          name,
          textRepository(name, { [called]: JSON.stringify(workflow) }),
        ]),
      ),
    },
    defaultBranch: 'main',
    runners: { hosted: newestRunner, selfHosted: [] },
    secrets: noValues,
    variables: noValues,
    gates: gateKeeper({ production: unprotected }, async () => null),
    groups: concurrencyGroups(kept),
    register: noRegister,
    token: (grants) => {
      tokens.push(grants)
      return 'ghs_probe'
    },
    machine: sceneMachine({
      actions: {
        'acme/look': (call) => {
          seen.push(call)
          return world.answer?.(call) ?? {}
        },
      },
      files: [],
    }),
    github: {},
    ...world.site,
  }
  let runs = 0
  return {
    site,
    seen,
    tokens,
    start(change = {}) {
      runs += 1
      return startRun(site, {
        ...{ id: runs, attempt: 1, repository: shop, workflow: own, event: world.event ?? withoutInputs },
        ...{ ref: 'refs/heads/main', sha: '1'.repeat(40), actor: 'dora', triggeringActor: 'dora', kept: {} },
        ...world.start,
        ...change,
      })
    },
  }
}

/** Runs the workflow of a world to its end. */
export async function probed(world: ProbedWorld, rules: RulesOff): Promise<ProbedRun> {
  const { site, seen, tokens, start } = probedSite(world, rules)
  return { ...(await start().ended), seen, tokens, site }
}

/** True if GitHub did not take the form. */
export async function isRefused(world: ProbedWorld, rules: RulesOff): Promise<boolean> {
  try {
    await probed(world, rules)
    return false
  } catch {
    return true
  }
}
