import { modes } from '../../domain/plan/modes.ts'
import { scheduleOf } from '../../domain/plan/undertaking.ts'
import { buildOnly } from '../../pipeline/act/build.ts'
import { deploy } from '../../pipeline/act/deploy.ts'
import { deployScheduled } from '../../pipeline/schedule/deploy-scheduled.ts'
import type { Hands } from '../run/hands.ts'
import { forgetLock } from '../run/remembered.ts'
import { requestOf } from '../run/request.ts'
import { leaveWith } from '../tell/leave.ts'
import { callWhoAsked } from '../tell/schedule-issue.ts'
import { tellAlreadyDeployed } from '../tell/tell.ts'

/** Whatever is planned, approved and then done in one environment. */
export async function deployDoor(hands: Hands<'deploy' | 'rollback' | 'restart' | 'task'>): Promise<void> {
  const { inputs } = hands
  const { environment, shown } = inputs
  const request = requestOf(hands, inputs)
  if (!modes[request.undertaking.mode].changesEnvironment)
    return leaveWith(hands, await buildOnly(hands, request, shown))
  const deployed =
    scheduleOf(request.undertaking) === null
      ? await deploy(hands, request, shown)
      : await deployScheduled(hands, request, (refused) => callWhoAsked(hands, refused.policy, refused))
  if (deployed.kind === 'done') return leaveWith(hands, deployed)
  forgetLock()
  tellAlreadyDeployed(hands, environment, deployed.release)
}
