import { describeCommits } from '../../domain/ledger/blocking.ts'
import { asProblem } from '../../domain/problem.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import { endOf, findSchedule } from '../../domain/schedule/schedule.ts'
import { endedAlready, unknownSchedule } from '../../domain/schedule/schedule-words.ts'
import { policyText, recall } from '../../pipeline/plan/survey.ts'
import { startSchedule } from '../../pipeline/schedule/start.ts'
import { momentOf } from '../../pipeline/schedule/time.ts'
import { acceptedInWords, announcementSummary } from '../../report/act/announcement.ts'
import { logLine } from '../../report/outcome/log-lines.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf } from '../run/request.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Announces a block, after the environments were found in the config. */
export async function announceBlock(hands: Hands<'block'>): Promise<void> {
  const { inputs, ports, config } = hands
  const { environment, what, reason, unblock } = inputs
  const source = await policyText(ports.repository, inputs.config)
  const there = environment === null ? config.readPolicies(source) : [config.readPolicy(source, environment)]
  const names = there.map(({ name }) => name).join(', ')
  const named = 'tag' in what ? what.tag : `every release with ${describeCommits(what)}`
  announce(hands, `${unblock ? 'unblocks' : 'blocks'} ${named} in ${names}`, reason)
  tellOutputs({ release: 'tag' in what ? what.tag : '' })
}

/** Announces a halt, or its end, after the environment was found in the config. */
export async function announceHalt(hands: Hands<'halt'>): Promise<void> {
  const { inputs, ports, config } = hands
  const { environment, reason, lift } = inputs
  const { ledger } = await recall(ports, config, placeOf(hands, environment))
  const what =
    ledger.deployment === null ? environment : `deployment ${ledger.deployment.number} of ${environment}`
  announce(hands, lift ? `lifts the halts of ${environment}` : `halts ${what}`, reason)
}

/** Announces a schedule, or its end. The noting job plans the deployment, as of the time of its start. */
export async function announceSchedule(hands: Hands<'schedule'>): Promise<void> {
  const { inputs, ports, config } = hands
  const { environment, reason, scheduling } = inputs
  const { ledger } = await recall(ports, config, placeOf(hands, environment))
  if (scheduling.kind === 'schedule') {
    const at = momentInWords(momentOf(ports, scheduling.at))
    announce(hands, `schedules ${scheduling.release} to ${environment} at ${at}`, reason)
    return
  }
  const schedule = findSchedule(ledger, scheduling.id)
  if (schedule === null) throw asProblem(unknownSchedule(scheduling.id, ledger))
  const ended = endOf(schedule)
  if (ended !== null) throw asProblem(endedAlready(schedule, ended, environment))
  announce(hands, `withdraws ${schedule.id}, ${schedule.release.tag} to ${environment}`, reason)
  tellOutputs({ release: schedule.release.tag, sha: schedule.release.sha })
}

/** Announces the start of a schedule, which has no plan before: it is planned when it begins. */
export async function announceStart(hands: Hands<'deploy'>): Promise<void> {
  const { inputs, ports, config } = hands
  const { environment, undertaking, release: tag } = inputs
  const id = 'schedule' in undertaking ? (undertaking.schedule ?? '') : ''
  const { ledger } = await recall(ports, config, placeOf(hands, environment))
  const { release, reason } = startSchedule(ports, ledger, id, { tag })
  const { override } = inputs
  const accepted = 'without' in undertaking ? acceptedInWords({ ...undertaking, override }) : ''
  announce(hands, `starts ${id}, ${release.tag} to ${environment}${accepted}`, reason)
  tellOutputs({ release: release.tag, sha: release.sha })
}

function announce({ ports }: Hands, does: string, reason: string): void {
  ports.voice.line(logLine(`The next job ${does}: ${reason}`))
  addSummary(announcementSummary({ does, reason }))
  tellOutputs({ outcome: 'looked' })
}
