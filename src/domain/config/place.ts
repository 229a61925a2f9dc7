/** The place of a command that does not run where its kind of command runs by itself. */
export type Place =
  /** The machine of the job. */
  | { readonly kind: 'runner' }
  /** Instances of a service, over the connection of its fleet. */
  | OnInstances
  /** A job of the engine that a service lives on. */
  | OnEngine

export interface OnInstances {
  readonly kind: 'instances'
  readonly service: string
  readonly instances: Chosen
}

export interface OnEngine {
  readonly kind: 'engine'
  readonly service: string
  /** The container whose image and settings the job has; null for the first. */
  readonly container: string | null
}

/** The instances of a service that run a command. `one`: the first of them. */
export type Chosen =
  | { readonly kind: 'one' }
  | { readonly kind: 'all' }
  | { readonly kind: 'named'; readonly names: readonly string[] }

/** Describes a place in a few words: `on one instance of web`. */
export function placeInWords(on: Place | undefined): string | null {
  switch (on?.kind) {
    case undefined:
      return null
    case 'runner':
      return 'on the runner'
    case 'engine':
      return `as a job on the engine of ${on.service}`
    case 'instances':
      return `on ${whichOf(on.instances)} of ${on.service}`
  }
}

function whichOf(chosen: Chosen): string {
  switch (chosen.kind) {
    case 'one':
      return 'one instance'
    case 'all':
      return 'every instance'
    case 'named':
      return chosen.names.join(', ')
  }
}
