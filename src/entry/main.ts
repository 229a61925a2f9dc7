import { leftOpen } from './left-open.ts'

// The first line is out before anything heavy is loaded: whoever watches sees at once that it runs.
const command = process.env.INPUT_COMMAND || 'deploy'
const closing = process.env.STATE_started === 'true'
process.stdout.write(closing ? 'Rollgate: closing what is still open\n' : `Rollgate: ${command}\n`)

// After a run that ended by itself there is nothing to close, and what it said is not said a second time.
if (!closing || leftOpen(process.env)) {
  const { enter } = await import('./door.ts')
  await enter(closing)
}
