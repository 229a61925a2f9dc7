import { accepted } from './acceptance.ts'
import { responseConforms } from './conformance.ts'
import type { Operation } from './description.ts'
import type { FaultEffect } from './fault-effect.ts'
import type { Incoming, Parts } from './incoming.ts'
import type { OpenRecord } from './log.ts'
import { notFound, Refusal, refusalReply, type SiteReply } from './reply.ts'
import { decodedText, type Route, route } from './router.ts'

/** `undefined` means: destroy the connection. */
export type Exchanged = SiteReply | undefined

/** Takes one request from its log entry to its outcome: hooks, then a fault if one strikes, then the answer. */
export async function exchange(parts: Parts, incoming: Incoming): Promise<Exchanged> {
  const bare = !parts.inForce('environment-name-encoded')
  const found = route(incoming.method, incoming.url.pathname, bare)
  const record = openRecord(parts, incoming, found)
  const work = () => answered(parts, incoming, found, record)
  const outcome = await parts.limits.during(() => hooked(parts, work, record))
  if (outcome !== undefined) record.status = outcome.status
  return outcome
}

function openRecord(parts: Parts, incoming: Incoming, found: Route | undefined): OpenRecord {
  const record: OpenRecord = {
    number: parts.records.length + 1,
    method: incoming.method,
    path: decodedText(incoming.url.pathname + incoming.url.search),
    operation: found?.operation.id,
    body: found?.operation.takesBytes ? undefined : parsed(incoming.bytes.toString('utf8')),
    apiVersion: incoming.headers['x-github-api-version'],
    actor: parts.tokens.actor(incoming.headers.authorization),
    status: undefined,
    fault: undefined,
  }
  parts.records.push(record)
  return record
}

async function hooked(parts: Parts, work: () => Promise<SiteReply>, record: OpenRecord): Promise<Exchanged> {
  try {
    await parts.faults.runHooks(record)
  } catch (error) {
    return crashed(parts, record, error)
  }
  const fault = parts.faults.strike(record)
  record.fault = fault?.kind
  return fault === undefined ? work() : underFault(parts, fault, work, record)
}

async function underFault(
  parts: Parts,
  fault: FaultEffect,
  work: () => Promise<SiteReply>,
  record: OpenRecord,
): Promise<Exchanged> {
  switch (fault.kind) {
    case 'latency':
      await new Promise((resolve) => setTimeout(resolve, fault.ms).unref())
      return work()
    case 'status': {
      const body = fault.body ?? { message: `Injected ${fault.status}` }
      return { kind: 'json', status: fault.status, body, headers: fault.headers ?? {} }
    }
    case 'drop':
      return undefined
    case 'lost-response':
      record.status = (await work()).status
      return undefined
    case 'stale':
      return before(parts, record, await work())
    case 'garbage':
      return { kind: 'raw', status: 200, bytes: '{"garbage', type: 'application/json; charset=utf-8' }
  }
}

/** The answer that this request had the last time; an empty list or 404 the first time. */
function before({ earlier }: Parts, { path }: OpenRecord, now: SiteReply): SiteReply {
  const isList = now.kind === 'json' && Array.isArray(now.body)
  return earlier.get(path) ?? (isList ? { ...now, body: [] } : refusalReply(notFound()))
}

async function answered(
  parts: Parts,
  incoming: Incoming,
  found: Route | undefined,
  record: OpenRecord,
): Promise<SiteReply> {
  try {
    parts.limits.admit(record)
    if (found === undefined) return unknownOperation(parts, record)
    const reply = await parts.answers[found.operation.id](accepted(parts, incoming, found, record))
    if (reply.kind !== 'raw') {
      const body = reply.kind === 'json' ? JSON.parse(JSON.stringify(reply.body)) : undefined
      parts.violations.add('response', record, responseConforms(found.operation, reply.status, body))
    }
    if (record.method === 'GET' && record.fault !== 'stale') parts.earlier.set(record.path, reply)
    return reply
  } catch (error) {
    return refused(parts, found?.operation, record, error)
  }
}

function refused(
  parts: Parts,
  operation: Operation | undefined,
  record: OpenRecord,
  error: unknown,
): SiteReply {
  if (!(error instanceof Refusal)) return crashed(parts, record, error)
  const reply = refusalReply(error)
  if (operation !== undefined && reply.kind === 'json') {
    parts.violations.add('response', record, responseConforms(operation, reply.status, reply.body))
  }
  return reply
}

function crashed(parts: Parts, record: OpenRecord, error: unknown): SiteReply {
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error)
  parts.violations.add('crash', record, [story])
  return refusalReply(new Refusal(500, 'Server Error'))
}

function unknownOperation(parts: Parts, record: OpenRecord): SiteReply {
  parts.violations.add('unknown-operation', record, ['the sandbox does not answer this'])
  return refusalReply(notFound())
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
