import type { ProblemWords } from '../problem.ts'
import { filledBy, slotNames, slotsIn, slotVariables } from '../rolling/rollout-order.ts'
import type { Probe } from './command.ts'
import { changesByItself, hostOf, type Instance } from './fleet.ts'
import type { Service } from './service.ts'

/** The variables that Rollgate itself gives to every address of an instance. */
export const ours = [
  'APP',
  'ENVIRONMENT',
  'RELEASE',
  'SHA',
  'CHECKOUT',
  'MODE',
  'DEPLOYMENT',
  'PREVIOUS_RELEASE',
  'PREVIOUS_SHA',
  'URL',
  'SERVICE',
  'INSTANCE',
].map((name) => `ROLLGATE_${name}`)

/**
 * Refuses addresses that cannot be filled in: an address takes its variables from the `env` of its instance and from
 * Rollgate, never from `ROLLGATE_ENV`. Without hosts, as before an inventory is asked, nothing is judged.
 */
export const addressRefusals = (services: readonly Service[]): ProblemWords[] =>
  services.flatMap((service) => addressesOf(service).flatMap((address) => unfilled(service, address)))

/** The variables that both slots of an instance give to an address. */
function inEverySlot({ rollout }: Service): string[] {
  const slots = slotsIn(rollout.order)
  if (slots === null) return []
  const [first = [], ...others] = slotNames.map((slot) => Object.keys(slots[slot]))
  return ['ROLLGATE_SLOT', ...first.filter((name) => others.every((names) => names.includes(name)))]
}

/** An address of a service, by its key below `services.<name>`. */
export interface FilledAddress {
  readonly key: string
  readonly text: string
}

/** Figures alone are asked for the interval that they are of. */
const figuresKey = 'test-bed.compare.figures'

function unfilled(service: Service, { key, text }: FilledAddress): ProblemWords[] {
  const { name, fleet } = service
  const known = [
    ...ours,
    ...(fleet.instances.some((instance) => hostOf(fleet, instance) !== null) ? ['ROLLGATE_HOST'] : []),
    ...inEverySlot(service),
    ...(key === figuresKey ? ['ROLLGATE_FROM', 'ROLLGATE_UNTIL'] : []),
  ]
  return variablesIn(text)
    .filter((variable) => !known.includes(variable))
    .flatMap((variable) => {
      const without = fleet.instances.filter(({ env }: Instance) => env[variable] === undefined)
      if (without.length === 0) return []
      const which = without.length === fleet.instances.length ? 'no instance' : 'not to every instance'
      const names = without.map((instance) => instance.name).join(', ')
      return [
        {
          code: 'config-invalid',
          what: `services.${name}.${key} needs $${variable}, which is given to ${which} of ${name}${which === 'no instance' ? '' : `: ${names} lack it`}.`,
          why: 'An address takes its variables from the env of its instance and from Rollgate. A variable of the job or of ROLLGATE_ENV is not filled in.',
          next: `Give env: { ${variable}: … } to ${names} where the config names the instances. Nothing was changed.`,
        } as const,
      ]
    })
}

/** Returns the addresses of a service that are filled in for each instance. */
export function addressesOf({
  fleet,
  traffic,
  version,
  healthCheck,
  selfTest,
  testBed,
}: Service): FilledAddress[] {
  const { serving = null } = traffic.kind === 'command' ? traffic : {}
  const probes: Readonly<Record<string, Probe | null>> = {
    version,
    'fleet.pull.status': changesByItself(fleet) ? fleet.status : null,
    'health-check': healthCheck?.probe ?? null,
    'self-test': selfTest?.probe ?? null,
    'traffic.command.serving': serving,
    [figuresKey]: testBed?.compare?.figures ?? null,
  }
  const asked = Object.entries(probes).flatMap(([key, probe]) =>
    probe?.kind === 'http' ? [{ key, text: probe.url }] : [],
  )
  return traffic.kind === 'haproxy'
    ? [...asked, { key: 'traffic.haproxy.server', text: traffic.server }]
    : asked
}

/** Returns the names of the variables in an address, each once. */
export const variablesIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g)].map(
      ([, braced, bare]) => braced ?? bare ?? '',
    ),
  ),
]

/** Returns an address as an instance has it, in slot a of two; variables that it does not have stay. */
export function filledFor({ fleet, rollout }: Service, instance: Instance, text: string): string {
  const host = hostOf(fleet, instance)
  const slots = slotsIn(rollout.order)
  const known: Readonly<Record<string, string>> = {
    ...instance.env,
    ROLLGATE_INSTANCE: instance.name,
    ...(slots === null ? {} : slotVariables(slots, 'a', instance)),
    ...(host === null ? {} : { ROLLGATE_HOST: host }),
  }
  return filledBy(known, text)
}
