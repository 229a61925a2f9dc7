import type { Command } from './command.ts'

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

/** An instance on a host of its own. */
export interface Host extends Instance, SshWay {
  /** The destination for ssh: a name, an address, or a `Host` of its settings. */
  readonly host: string
}

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

export type Fleet = LocalFleet | SshFleet
