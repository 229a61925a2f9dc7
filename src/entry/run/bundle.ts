/** Everything that `dist/door.js` holds: the action, and the command line. */
export { commandLine } from '../cli/command-line.ts'
export { enter } from './door.ts'
