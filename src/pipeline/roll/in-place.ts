import type { Failure } from '../../domain/question/decision.ts'
import { command, install, prepare } from './instance-commands.ts'
import { proveInPlace } from './instance-proof.ts'
import type { InstanceWork } from './instance-work.ts'
import { type Listener, told } from './listener.ts'

/**
 * Switches an instance to its release while it serves. Requests may reach either release from the switch on until the
 * instance has said which one it runs.
 */
export const inPlace = async (work: InstanceWork, listener: Listener): Promise<Failure | null> =>
  (await prepare(work)) ??
  (await install(work, listener.installs)) ??
  told(listener.back) ??
  (await command(work, 'start', work.service.fleet.start)) ??
  (await proveInPlace(work))
