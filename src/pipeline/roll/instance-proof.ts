import type { Probe } from '../../domain/config/command.ts'
import { pauses } from '../../domain/config/pace.ts'
import { inSeconds } from '../../domain/durations.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { isRelease } from '../../domain/release/release.ts'
import { wasSuspended } from '../look/suspended.ts'
import type { Answer } from '../ports.ts'
import { answerInWords } from '../run/failure.ts'
import { checkInstance } from './instance-check.ts'
import { ask, saidVersion } from './instance-observed.ts'
import { placeOf } from './instance-slots.ts'
import type { InstanceWork } from './instance-work.ts'

/** Proves, out of traffic, that an instance is right: its self test, its version, its health, and the serving release's checks. */
export const prove = async (work: InstanceWork): Promise<Failure | null> =>
  (await selfTest(work)) ??
  (await rightVersion(work)) ??
  (await becomeHealthy(work)) ??
  (await checkInstance(work))

/** The version first: until the switch has come to its end, the release before would pass the self test. */
export const proveInPlace = async (work: InstanceWork): Promise<Failure | null> =>
  (await rightVersion(work)) ?? (await selfTest(work)) ?? (await becomeHealthy(work))

/**
 * Runs the self test while the instance is out of traffic. Until an answer comes the instance is still
 * starting; the first answer decides, and so does each further try.
 */
async function selfTest(work: InstanceWork): Promise<Failure | null> {
  const { service, context } = work
  if (service.selfTest === null) return null
  const { probe, timeout, retries } = service.selfTest
  const until = context.ports.clock.now().getTime() + timeout
  let failure: Failure | null = null
  for (let left = retries; left >= 0; left -= 1) {
    const answer = await askUntil(work, probe, until, ({ kind }) => kind !== 'absent' && kind !== 'unknown')
    if (answer.kind === 'yes') return null
    const text = 'text' in answer ? answer.text : ''
    failure = {
      code: 'self-test-failed',
      what: `The self test of ${placeOf(work)} failed: ${answerInWords(answer)}.`,
      tail: text === '' ? [] : lines(text).slice(0, 20),
    }
  }
  return failure
}

const lines = (text: string): string[] => text.trimEnd().split('\n')
const lastLines = (text: string): string[] => lines(text).slice(-20)

/** A self test can pass on the wrong release: the instance itself must say that it runs the wanted one. */
async function rightVersion(work: InstanceWork): Promise<Failure | null> {
  const { service, wanted, context } = work
  if (service.version === null) return null
  const until = context.ports.clock.now().getTime() + (service.healthCheck?.healthyDeadline ?? 0)
  const answer = await askUntil(work, service.version, until, ({ kind }) => kind === 'yes')
  const said = answer.kind === 'yes' ? saidVersion(answer.text) : null
  if (said !== null && isRelease(said, wanted)) return null
  const found = answer.kind === 'yes' ? `it says ${said ?? 'nothing'}` : answerInWords(answer)
  const tail = answer.kind === 'yes' && answer.said !== undefined ? lastLines(answer.said) : []
  return { code: 'version-wrong', what: `${placeOf(work)} does not run ${wanted.tag}: ${found}.`, tail }
}

/** Asks again and again, until the answer is good enough or it is too late. Answers the last one. */
async function askUntil(
  work: InstanceWork,
  probe: Probe,
  until: number,
  goodEnough: (answer: Answer) => boolean,
): Promise<Answer> {
  const { signal } = work
  const { clock } = work.context.ports
  let answer = await ask(work, probe)
  for (const pause of pauses()) {
    if (goodEnough(answer) || clock.now().getTime() >= until || signal.aborted) break
    await clock.sleep(pause, signal)
    answer = await ask(work, probe)
  }
  return answer
}

/** Healthy without a break for `min-healthy-time`, before `healthy-deadline`. A time in which nothing was seen counts for neither. */
async function becomeHealthy(work: InstanceWork): Promise<Failure | null> {
  const { service, signal, context } = work
  const { clock } = context.ports
  if (service.healthCheck === null) return null
  const { probe, interval, minHealthyTime, healthyDeadline } = service.healthCheck
  let started = clock.now().getTime()
  let healthySince: number | null = null
  for (;;) {
    const answer = await ask(work, probe)
    const now = clock.now().getTime()
    healthySince = answer.kind === 'yes' ? (healthySince ?? now) : null
    if (healthySince !== null && now - healthySince >= minHealthyTime) return null
    if (now - started >= healthyDeadline || signal.aborted) {
      const why = answer.kind === 'yes' ? 'it was not healthy for long enough' : answerInWords(answer)
      const what = `${placeOf(work)} did not become healthy within ${inSeconds(healthyDeadline)}: ${why}.`
      return { code: 'instance-unhealthy', what, tail: [] }
    }
    const missing = healthySince === null ? interval : healthySince + minHealthyTime - now
    const wanted = Math.min(interval, missing)
    await clock.sleep(wanted, signal)
    const slept = clock.now().getTime() - now
    if (!wasSuspended(slept, wanted)) continue
    healthySince = null
    started += slept - wanted
  }
}
