import { deploy } from '../pipeline/deploy.ts'
import { forgetHold, rememberHold } from './held.ts'
import { leaveWith } from './leave.ts'
import { tellAlreadyDeployed } from './tell.ts'
import type { Hands } from './wire.ts'

export async function deployDoor(hands: Hands, wanted: 'deploy' | 'rollback'): Promise<void> {
  const { inputs, ports, config, doer, stop, app } = hands
  const request = {
    wanted,
    app,
    environment: inputs.environment,
    tag: inputs.release,
    configPath: inputs.config,
    redeploy: inputs.redeploy,
    acknowledged: inputs.acknowledged,
  }
  const deployed = await deploy(ports, config, request, inputs.plan, doer, stop, rememberHold)
  if (deployed.kind === 'done') return leaveWith(hands, deployed)
  forgetHold()
  tellAlreadyDeployed(hands, deployed.release)
}
