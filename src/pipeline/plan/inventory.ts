import type { SshFleet } from '../../domain/config/fleet.ts'
import { type Unlisted, unlisted, withHosts } from '../../domain/config/inventory.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { Problem } from '../../domain/problem.ts'
import type { RollStep } from '../../domain/step/step.ts'
import type { Ports, Variables } from '../ports.ts'
import { quoted, releaseVariables, type Stop } from '../run/context.ts'
import { failureOf } from '../run/failure.ts'
import { sharedVariables } from '../run/shared-variables.ts'
import { checkCheckout } from '../run/source.ts'
import type { ConfigReader } from './survey.ts'

/**
 * Puts the hosts of inventories into a plan. An inventory is asked behind the gate, with the secrets of the
 * environment; the page for the approver has the command in place of the hosts.
 */
export async function listHosts(
  ports: Pick<Ports, 'shell' | 'voice' | 'workspace' | 'given'>,
  config: Pick<ConfigReader, 'readInventory'>,
  plan: Plan,
  stop: Stop,
): Promise<Plan> {
  const missing = unlisted(plan)
  if (missing.length === 0) return plan
  await checkCheckout(ports.workspace, plan.release)
  const fleets = new Map<string, SshFleet>()
  for (const one of missing) {
    const name = one.service
    const of = { service: name, command: one.inventory.run }
    const listed = config.readInventory(await ask(ports, plan, one, stop), one.fleet, of)
    ports.voice.line(`${name}: ${listed.instances.length} hosts, from its inventory`)
    fleets.set(name, listed)
  }
  return withHosts(plan, fleets)
}

/** Returns the output of an inventory. */
async function ask(
  { shell, voice, workspace, given }: Pick<Ports, 'shell' | 'voice' | 'workspace' | 'given'>,
  { app, environment, mode, release, vars }: Plan,
  { service, inventory }: Unlisted,
  stop: Stop,
): Promise<string> {
  const printed: string[] = []
  const sources = { vars, env: environment.env, outputs: release.outputs ?? {} }
  const seen: Variables = {
    ...sharedVariables(given, sources),
    ...(await releaseVariables(workspace, { app, environment: environment.name, release })),
    ROLLGATE_MODE: mode,
    ROLLGATE_SERVICE: service,
  }
  const finished = await quoted({ ports: { voice }, stop }, `${service} inventory │ `, (watch) => {
    const answer = (text: string): void => {
      printed.push(text)
      watch.line(text)
    }
    return shell.run(inventory, seen, { ...watch, answer })
  })
  const failure = failureOf(`the inventory of ${service}`, finished)
  if (failure === null) return printed.join('\n')
  throw new Problem('inventory-invalid', {
    what: `The hosts of ${service} are not known: ${failure.what}`,
    why: failure.tail.slice(-3).join(' / ') || 'Its inventory prints them, and said nothing.',
    next: 'Run the command by hand, correct it, and run again. Nothing was changed.',
  })
}

/** Throws before a roll whose hosts are not listed: a roll over no host would succeed, and change nothing. */
export function refuseUnlisted(step: RollStep): void {
  if (unlisted({ steps: [step], fleets: [] }).length === 0) return
  throw new Problem('inventory-invalid', {
    what: `The hosts of ${step.service.name} are not known: its inventory was not asked.`,
    why: 'An inventory is asked once its release is approved, and this deployment began without its hosts.',
    next: "Abandon the deployment with Rollgate's form, and begin it anew. No instance was changed.",
  })
}
