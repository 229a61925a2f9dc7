import type { SshFleet } from '../../../src/domain/config/fleet.ts'
import { openControlSide } from './ssh-control.ts'

/** A run of its own, to be killed: runs the second argument's command on the first host of the fleet of the first. */
const [recipe = '', run = ''] = process.argv.slice(2)
const fleet: SshFleet = JSON.parse(recipe)
const [host] = fleet.instances
if (host === undefined) throw new Error('a fleet without hosts')
const command = { run, shell: 'bash', env: {}, workingDirectory: '.', timeout: 60_000 }
const watch = { line: console.log, signal: new AbortController().signal }
await openControlSide().fleets.fleet(fleet).run(host, command, {}, watch)
