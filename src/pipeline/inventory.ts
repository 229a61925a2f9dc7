import type { Command, SshFleet } from '../domain/config.ts'
import { type Unlisted, unlisted, withHosts } from '../domain/inventory.ts'
import type { Plan } from '../domain/plan.ts'
import { Problem } from '../domain/problem.ts'
import { quoted, type Stop } from './context.ts'
import { failureOf } from './failure.ts'
import type { Ports, Variables } from './ports.ts'
import { checkCheckout } from './source.ts'
import type { ConfigReader } from './survey.ts'

/**
 * Puts the hosts into a plan whose inventories print them. They are asked behind the gate, where the secrets are; what
 * is shown to whoever approves has the command in their place.
 */
export async function listHosts(
  ports: Pick<Ports, 'shell' | 'voice' | 'workspace'>,
  config: ConfigReader,
  plan: Plan,
  stop: Stop,
): Promise<Plan> {
  const missing = unlisted(plan)
  if (missing.length === 0) return plan
  await checkCheckout(ports.workspace, plan.release)
  const fleets = new Map<string, SshFleet>()
  for (const { step, fleet } of missing) {
    const { name } = step.service
    const text = await ask(ports, plan, { step, fleet }, stop)
    const listed = config.readInventory(text, fleet, { service: name, command: fleet.inventory?.run ?? '' })
    ports.voice.line(`${name}: ${listed.instances.length} hosts, from its inventory`)
    fleets.set(name, listed)
  }
  return withHosts(plan, fleets)
}

/** What an inventory prints. */
async function ask(
  ports: Pick<Ports, 'shell' | 'voice' | 'workspace'>,
  plan: Plan,
  { step, fleet }: Unlisted,
  stop: Stop,
): Promise<string> {
  const command: Command | null = fleet.inventory
  if (command === null) return ''
  const printed: string[] = []
  const seen = await variables(ports, plan, step.service.name)
  const finished = await quoted({ ports, stop }, `${step.service.name} inventory │ `, (watch) => {
    const line = (text: string): void => {
      printed.push(text)
      watch.line(text)
    }
    return ports.shell.run(command, seen, { ...watch, line })
  })
  const failure = failureOf(`the inventory of ${step.service.name}`, finished)
  if (failure === null) return printed.join('\n')
  throw new Problem('inventory-invalid', {
    what: `The hosts of ${step.service.name} are not known: ${failure.what}`,
    why: failure.tail.slice(-3).join(' / ') || 'Its inventory prints them, and said nothing.',
    next: 'Run the command by hand, correct it, and run again. Nothing was changed.',
  })
}

async function variables(
  { workspace }: Pick<Ports, 'workspace'>,
  { app, environment, mode, release }: Plan,
  service: string,
): Promise<Variables> {
  return {
    ROLLGATE_APP: app,
    ROLLGATE_ENVIRONMENT: environment.name,
    ROLLGATE_MODE: mode,
    ROLLGATE_RELEASE: release.tag,
    ROLLGATE_SHA: release.sha,
    ROLLGATE_CHECKOUT: (await workspace.checkout(release.sha)) ?? '',
    ROLLGATE_SERVICE: service,
  }
}
