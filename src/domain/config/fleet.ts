import type { Command, Probe } from './command.ts'

export interface Instance {
  readonly name: string
  /** Variables of this instance alone, for its commands and addresses. */
  readonly env: Readonly<Record<string, string>>
  /** Instances of two zones never change together; left out for an instance without a zone. */
  readonly zone?: string
}

/** The releases that stay on an instance where a config does not say how many. */
export const KEPT_RELEASES = 5

/** The way of a release to an instance while another serves: `install` then only switches. */
export interface PrepareRecipe {
  /** Fills the folder of the release, which is made for it. */
  readonly command: Command
  /** Exits with 0 when the release is on the instance already; asked beside the mark of its folder. */
  readonly unless: Command | null
  /** The releases that stay on an instance, of those that Rollgate brought. */
  readonly keep: number
  /** Removes older releases that Rollgate did not bring. */
  readonly clear: Command | null
}

/** The commands on an instance, in every kind of fleet. */
interface InstanceCommands {
  readonly prepare: PrepareRecipe | null
  readonly stop: Command | null
  readonly install: Command | null
  readonly start: Command | null
}

/** Instances that are processes on the machine the run is on. */
export interface LocalFleet extends InstanceCommands {
  readonly kind: 'local'
  readonly instances: readonly Instance[]
}

/** The way to a host; null leaves a setting to ssh. */
export interface SshWay {
  readonly user: string | null
  readonly port: number | null
  /** As ssh's `-J` takes it: `[user@]host[:port]`, several divided by commas. */
  readonly jump: string | null
}

/** An instance with the address of its host. */
export interface HostInstance extends Instance {
  /** A name or an address, as probes and ssh take it. */
  readonly host: string
}

/** An instance on a host of its own; for ssh its address may be a `Host` of ssh's settings. */
export interface Host extends HostInstance, SshWay {}

/** Instances on hosts that are reached over ssh. */
export interface SshFleet extends InstanceCommands, SshWay {
  readonly kind: 'ssh'
  /** The instances in the config; empty if an inventory prints them. */
  readonly instances: readonly Host[]
  /** Prints the hosts. */
  readonly inventory: Command | null
  /** A file of ssh settings in the checkout, in place of the user's own. */
  readonly settings: string | null
  /** `accept-new`: a host that was never seen is trusted; a changed key never is. */
  readonly hostKeys: 'known' | 'accept-new'
  readonly connectTimeout: number
  /** Names of variables of this run that commands on the hosts see too. */
  readonly sendEnv: readonly string[]
  /** A file in the checkout that is brought to a host before it leaves traffic. */
  readonly upload: string | null
}

/**
 * Instances on hosts that pull: an agent on each follows its desired release in the ledger's git ref, and runs the commands
 * of its own settings. No command of Rollgate runs there, so that those of an instance are null.
 */
export interface PullFleet extends InstanceCommands {
  readonly kind: 'pull'
  readonly instances: readonly HostInstance[]
  /** Milliseconds between two looks of an agent. */
  readonly interval: number
  /** The number of intervals after which an instance that does not run its desired release has failed. */
  readonly intervals: number
  /** The agent's own report, which tells a failure on the host before the intervals are over; null without one. */
  readonly status: Probe | null
}

export type Fleet = LocalFleet | SshFleet | PullFleet

/** True if hosts change their instances by themselves: no look at one shows that its agent is not at work there. */
export const changesByItself = (fleet: Fleet): fleet is PullFleet => fleet.kind === 'pull'

/** True if the run reaches the hosts of a fleet over ssh. */
export const isOverSsh = (fleet: Fleet): fleet is SshFleet => fleet.kind === 'ssh'

/** Returns the command that prints the hosts of a fleet; null where the config names its instances. */
export const inventoryOf = (fleet: Fleet): Command | null => (isOverSsh(fleet) ? fleet.inventory : null)

/** True if only an inventory, which was not asked yet, knows the hosts of a fleet. */
export const awaitsHosts = (fleet: Fleet): boolean =>
  inventoryOf(fleet) !== null && fleet.instances.length === 0

/** Returns the address of the host of an instance; null where it has none of its own. */
export function hostOf(fleet: Fleet, { name }: Pick<Instance, 'name'>): string | null {
  switch (fleet.kind) {
    case 'local':
      return null
    case 'ssh':
    case 'pull':
      return fleet.instances.find((one) => one.name === name)?.host ?? ''
  }
}
