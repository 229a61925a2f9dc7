import type { Stop } from '../../pipeline/run/context.ts'

/** A cancelled run gets SIGINT, 7.5 s later SIGTERM, and after another 2.5 s it is killed. */
export function listenForStop(): Stop {
  const asked = new AbortController()
  const forced = new AbortController()
  process.on('SIGINT', () => {
    if (!asked.signal.aborted) process.stdout.write('Cancelled: starting nothing new.\n')
    asked.abort()
  })
  process.on('SIGTERM', () => {
    if (!forced.signal.aborted) process.stdout.write('Ending what runs.\n')
    asked.abort()
    forced.abort()
  })
  return { asked: asked.signal, forced: forced.signal }
}
