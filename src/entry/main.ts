// The first line is out before anything heavy is loaded: whoever watches sees at once that it runs.
const command = process.env.INPUT_COMMAND || 'deploy'
const closing = process.env.STATE_started === 'true'
process.stdout.write(closing ? 'Rollgate: closing what is still open\n' : `Rollgate: ${command}\n`)

const { enter } = await import('./door.ts')
await enter(closing)
