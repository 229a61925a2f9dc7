import { deploy } from '../pipeline/deploy.ts'
import { deployScheduled } from '../pipeline/deploy-scheduled.ts'
import { forgetHold, rememberHold } from './held.ts'
import { leaveWith } from './leave.ts'
import { requestOf } from './request.ts'
import { tellAlreadyDeployed } from './tell.ts'
import type { Hands } from './wire.ts'

export async function deployDoor(hands: Hands, wanted: 'deploy' | 'rollback'): Promise<void> {
  const { inputs, ports, config, doer, stop } = hands
  const request = requestOf(hands, wanted)
  const { schedule } = inputs
  const deployed =
    schedule === null
      ? await deploy(ports, config, request, inputs.plan, doer, stop, rememberHold)
      : await deployScheduled(ports, config, { ...request, schedule }, doer, stop, rememberHold)
  if (deployed.kind === 'done') return leaveWith(hands, deployed)
  forgetHold()
  tellAlreadyDeployed(hands, deployed.release)
}
