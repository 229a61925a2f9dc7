import type { OperationId } from './operations.ts'

/** A request that has passed token and validation. */
export interface Call {
  readonly operation: OperationId
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed and checked against the operation's schema: an answer may cast it to the described shape. */
  readonly body: unknown
  /** The raw body and its type: for operations that take a file. */
  readonly bytes: Buffer
  readonly contentType: string
  readonly accept: string
  /** The login behind the token. */
  readonly actor: string
  readonly url: URL
}

export type SiteReply =
  | {
      readonly kind: 'json'
      readonly status: number
      readonly body: unknown
      readonly headers?: ReplyHeaders
    }
  | { readonly kind: 'raw'; readonly status: number; readonly bytes: Buffer | string; readonly type: string }
  | { readonly kind: 'empty'; readonly status: number }

type ReplyHeaders = Readonly<Record<string, string>>

export type OperationAnswer = (call: Call) => SiteReply | Promise<SiteReply>

/** The answer of each operation of `operations.ts`: a missing one does not compile. */
export type Answers = Record<OperationId, OperationAnswer>

/** GitHub says no: becomes `{ message, documentation_url, status, …more }`. */
export class Refusal extends Error {
  readonly status: number
  readonly more: Readonly<Record<string, unknown>>
  readonly headers: ReplyHeaders

  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: ReplyHeaders = {},
  ) {
    super(message)
    this.status = status
    this.more = more
    this.headers = headers
  }
}

export function refusalReply(refusal: Refusal): SiteReply {
  const body = {
    message: refusal.message,
    ...refusal.more,
    documentation_url: 'https://docs.github.com/rest',
    status: String(refusal.status),
  }
  return { kind: 'json', status: refusal.status, body, headers: refusal.headers }
}

export const ok = (body: unknown): SiteReply => ({ kind: 'json', status: 200, body })
export const created = (body: unknown): SiteReply => ({ kind: 'json', status: 201, body })
export const noContent: SiteReply = { kind: 'empty', status: 204 }
/** Refuses a text of more characters than GitHub takes. */
export function requireLength(text: string, most: number, resource: string, field: string): void {
  if ([...text].length <= most) return
  const message = `${field} is too long (maximum is ${most} characters)`
  throw new Refusal(422, 'Validation Failed', { errors: [{ resource, code: 'custom', field, message }] })
}

export const notFound = (message = 'Not Found') => new Refusal(404, message)

/** A path parameter of the operation's template. */
export function param(call: Call, name: string): string {
  const value = call.params[name]
  if (value === undefined) throw new Error(`${call.operation} has no parameter ${name}`)
  return value
}

export function numberParam(call: Call, name: string): number {
  return Number(param(call, name))
}
