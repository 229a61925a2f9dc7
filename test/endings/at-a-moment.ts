import { ChildProcess, execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { Socket } from 'node:net'

/**
 * Loaded into the bundle before itself (`moments`): it counts the moments of a run, notes them in a file, and at the
 * chosen ones is ended by SIGKILL, or waits until an address was asked, at which a test does its fault. Moments: its
 * lines, each change at GitHub before it is sent and after its answer, each chosen word right after it was sent to a
 * database or a balancer, and each program right after it was started.
 */
const { MOMENT_LOG = '', MOMENT = '', MOMENT_DOES = '', MOMENT_WORDS = '' } = process.env
const words = MOMENT_WORDS.split('|').filter(Boolean)
let count = 0
// Programs that the run starts are not the run: their moments are not counted, and nothing kills them.
delete process.env.NODE_OPTIONS

/** True in the post step of the run, which has the same variables, and is not disturbed. */
const isPost = process.env.STATE_started !== undefined

function moment(name: string): void {
  if (isPost) return
  count += 1
  appendFileSync(MOMENT_LOG, `${name}\n`)
  if (!isChosen(name)) return
  if (MOMENT_DOES === 'kill') process.kill(process.pid, 'SIGKILL')
  else if (MOMENT_DOES !== '') execFileSync('curl', ['-fsS', '-X', 'POST', MOMENT_DOES])
}

/** A number means the moment in its turn, and a text each moment whose name holds it. */
const isChosen = (name: string): boolean =>
  MOMENT === 'every' || (/^\d+$/.test(MOMENT) ? MOMENT === String(count) : name.includes(MOMENT))

/** The changes at GitHub that others see, which an object of git alone is not. */
const change = /(PATCH|POST) \/repos\/[^ ]*\/(git\/refs|deployments)[^ ]*/

const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (text: Uint8Array | string): boolean => {
  const written = write(text)
  for (const line of text.toString().split('\n').filter(Boolean)) {
    const made = line.startsWith('::debug::') ? change.exec(line)?.[0] : undefined
    if (made !== undefined) moment(`after ${made}`)
    else if (!line.startsWith('::')) moment(line)
  }
  return written
}

const send = Socket.prototype.write
Socket.prototype.write = function (this: Socket, ...sent: Parameters<typeof send>): boolean {
  const text = Buffer.from(sent[0] as Uint8Array)
    .subarray(0, 4000)
    .toString('latin1')
  const made = change.exec(text.slice(0, 300))?.[0]
  if (made !== undefined && text.startsWith(made)) moment(`before ${made}`)
  const written = send.apply(this, sent)
  const word = words.find((one) => text.includes(one))
  if (word !== undefined) moment(`sent ${word}`)
  return written
} as typeof send

const started = ChildProcess.prototype as unknown as { spawn(options: { args?: string[] }): number }
const { spawn } = started
started.spawn = function (options) {
  const result = spawn.call(this, options)
  moment(`started ${(options.args ?? []).join(' ').replaceAll(/\s+/g, ' ').slice(0, 60)}`)
  return result
}
