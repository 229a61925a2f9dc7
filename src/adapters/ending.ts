import type { Finished } from '../pipeline/ports.ts'

/** Returns the end of a command, as the rest of a sentence that begins with the command. */
export function sayEnding(finished: Finished): string {
  switch (finished.kind) {
    case 'exited':
      return `exited with ${finished.code}`
    case 'signalled':
      return `was ended by ${finished.signal}`
    case 'timed-out':
      return `still ran after ${finished.after / 1000} s`
    case 'not-found':
      return `could not run: ${finished.name} was not found`
    case 'stopped':
      return 'was stopped'
    case 'unreachable':
      return `could not run: ${finished.failure.what}`
  }
}
