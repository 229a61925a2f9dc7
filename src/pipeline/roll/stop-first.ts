import type { Failure } from '../../domain/question/decision.ts'
import { command, install, prepare } from './instance-commands.ts'
import { prove } from './instance-proof.ts'
import { enter, keepOut, leave } from './instance-traffic.ts'
import type { InstanceWork } from './instance-work.ts'
import type { Listener } from './listener.ts'

/** Stops an instance before the new release starts. It has no traffic until it has proved itself. */
export async function stopFirst(work: InstanceWork, listener: Listener): Promise<Failure | null> {
  const { service, context } = work
  const asksItself = service.traffic.kind === 'is-alive'
  const told = (tell: boolean, what: () => void): null => {
    if (tell) what()
    return null
  }
  const before =
    (await prepare(work)) ??
    (await leave(work)) ??
    told(!asksItself, listener.out) ??
    (await command(work, 'stop', service.fleet.stop)) ??
    told(service.fleet.stop !== null, listener.out) ??
    (await install(work, listener.installs))
  if (before !== null) return before
  // A failed start may still have left a process running.
  const after =
    told(asksItself, listener.back) ??
    (await command(work, 'start', service.fleet.start)) ??
    (await prove(work)) ??
    told(!asksItself, listener.back) ??
    (await enter(work))
  // Stalled it is ended, but it must not stay where it got to: only the end of the run leaves it there.
  if (after === null) return null
  const stuck = await keepOut({ ...work, signal: context.stop.forced })
  if (stuck === null) listener.out()
  else listener.back()
  return stuck === null ? after : { ...after, what: `${after.what} It may be in traffic: ${stuck.what}` }
}
