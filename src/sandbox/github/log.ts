import type { FaultKind } from './fault-effect.ts'
import type { OperationId } from './operations.ts'

export interface RequestRecord {
  /** 1 for the first request of this sandbox. */
  readonly number: number
  readonly method: string
  /** Percent-decoded, with the query. */
  readonly path: string
  /** Undefined for a path that the sandbox does not answer. */
  readonly operation: OperationId | undefined
  /** Parsed JSON, or the text itself where it is no JSON. */
  readonly body: unknown
  readonly apiVersion: string | undefined
  /** The login behind the token, where the token is known. */
  readonly actor: string | undefined
  /** The status the sandbox came to; undefined while it works, and where a fault cut the request off before. */
  readonly status: number | undefined
  readonly fault: FaultKind | undefined
}

/** The record while its request is still being answered. */
export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] }

/**
 * The log as stable lines, `GET    /repos/acme/shop/git/ref/tags/v1.0.0 → 200`. Full SHAs are numbered in order
 * of appearance, so that commits whose dates differ between runs read the same.
 */
export function renderLog(records: readonly RequestRecord[]): string {
  const shas = new Map<string, string>()
  const named = (sha: string) => {
    const name = shas.get(sha) ?? `<sha-${shas.size + 1}>`
    shas.set(sha, name)
    return name
  }
  return records.map((record) => line(record).replace(/\b[0-9a-f]{40}\b/g, named)).join('\n')
}

function line(record: RequestRecord): string {
  const fault = record.fault === undefined ? '' : ` (${record.fault})`
  return `${record.method.padEnd(6)} ${record.path} → ${record.status ?? 'no answer'}${fault}`
}
