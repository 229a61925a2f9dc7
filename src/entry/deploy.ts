import { deploy } from '../pipeline/deploy.ts'
import { forgetHold, rememberHold } from './held.ts'
import { tellAlreadyDeployed, tellEnding } from './tell.ts'
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
  if (deployed.kind !== 'done' || deployed.ending.kind !== 'interrupted') forgetHold()
  if (deployed.kind === 'already-deployed') tellAlreadyDeployed(hands, deployed.release)
  else tellEnding(hands, deployed.session, deployed.ending)
}
