import type { Wanted } from '../domain/release.ts'
import { deploy } from '../pipeline/deploy.ts'
import { forgetHold, rememberHold } from './held.ts'
import { leaveWith } from './leave.ts'
import { requestOf } from './request.ts'
import { tellAlreadyDeployed } from './tell.ts'
import type { Hands } from './wire.ts'

export async function deployDoor(hands: Hands, wanted: Wanted): Promise<void> {
  const { inputs, ports, config, doer, stop } = hands
  const request = requestOf(hands, wanted)
  const deployed = await deploy(ports, config, request, inputs.plan, doer, stop, rememberHold)
  if (deployed.kind === 'done') return leaveWith(hands, deployed)
  forgetHold()
  tellAlreadyDeployed(hands, deployed.release)
}
