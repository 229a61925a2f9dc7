import { join } from 'node:path'
import { cloudEventOf } from '../../domain/notify/cloud-event.ts'
import type { Notice, NoticeEnd } from '../../domain/notify/notice.ts'
import { type NoticeRule, type NoticeWay, nameOfWay } from '../../domain/notify/notice-rule.ts'
import { noticeAsJson, noticeVariables } from '../../domain/notify/notice-text.ts'
import type { Finished, Ports } from '../ports.ts'
import { quoted, type Stop } from '../run/context.ts'
import { failureOf } from '../run/failure.ts'
import { policyFolder } from './policy-folder.ts'

export type NoticePorts = Pick<
  Ports,
  'shell' | 'bareShell' | 'poster' | 'voice' | 'releases' | 'workspace' | 'ledgers' | 'clock' | 'repository'
>

/** Sends one notice by the way that the policy has for it. Whatever goes wrong is its end, never an exception. */
export async function sendNotice(
  ports: NoticePorts,
  rules: readonly NoticeRule[],
  notice: Notice,
  stop: Stop,
): Promise<NoticeEnd> {
  const way = rules.find(({ by }) => nameOfWay(by) === notice.to)?.by
  if (way === undefined) return { kind: 'no-way' }
  if (stop.forced.aborted) return { kind: 'cut-short' }
  try {
    return await (way.kind === 'run' ? byCommand(ports, way, notice, stop) : byHttp(ports, way, notice, stop))
  } catch (thrown) {
    return { kind: 'failed', why: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

type WayOf<Kind extends NoticeWay['kind']> = Extract<NoticeWay, { kind: Kind }>

async function byHttp(
  ports: NoticePorts,
  way: WayOf<'http'>,
  notice: Notice,
  stop: Stop,
): Promise<NoticeEnd> {
  const { url, secret, timeout } = way
  const body = JSON.stringify(cloudEventOf(notice))
  const mediaType = 'application/cloudevents+json; charset=utf-8'
  const why = await ports.poster.post({ url, secret, timeout, body, mediaType }, stop.forced)
  if (why === null) return { kind: 'sent' }
  return stop.forced.aborted ? { kind: 'cut-short' } : { kind: 'failed', why }
}

/** Before an approval the command is kept from the secrets of the environment. */
async function byCommand(
  ports: NoticePorts,
  way: WayOf<'run'>,
  notice: Notice,
  stop: Stop,
): Promise<NoticeEnd> {
  const folder = await policyFolder(ports)
  if ('unplaced' in folder) return { kind: 'failed', why: folder.unplaced }
  const { command } = way
  const placed = { ...command, workingDirectory: join(folder.path, command.workingDirectory) }
  const shell = notice.approved ? ports.shell : ports.bareShell
  const seen = { ...noticeVariables(notice), ROLLGATE_CHECKOUT: folder.path }
  const input = `${JSON.stringify(noticeAsJson(notice))}\n`
  return endOf(
    await quoted({ ports, stop }, 'notify │ ', (watch) => shell.run(placed, seen, { ...watch, input })),
  )
}

function endOf(finished: Finished): NoticeEnd {
  if (finished.kind === 'stopped') return { kind: 'cut-short' }
  const failure = failureOf('it', finished)
  return failure === null ? { kind: 'sent' } : { kind: 'failed', why: failure.what }
}
