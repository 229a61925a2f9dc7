import type { Command } from './command.ts'

export interface Instance {
  readonly name: string
  /** Variables of this instance alone, for its commands and addresses. */
  readonly env: Readonly<Record<string, string>>
}

/** The commands on an instance, in every kind of fleet. */
interface InstanceCommands {
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
