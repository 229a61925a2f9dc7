import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const root = new URL('../../../', import.meta.url)

export interface WorkflowFile {
  readonly name?: string
  readonly on: Readonly<{
    workflow_call?: CallFile | null
    workflow_dispatch?: CallFile | null
    schedule?: readonly { readonly cron: string }[]
    [event: string]: unknown
  }>
  readonly env?: Readonly<Record<string, unknown>>
  readonly permissions?: PermissionsFile
  readonly concurrency?: ConcurrencyFile
  readonly jobs: Readonly<Record<string, JobFile>>
}

export interface CallFile {
  readonly inputs?: Readonly<Record<string, InputFile>>
  readonly secrets?: Readonly<Record<string, { readonly required?: boolean } | null>>
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>
}

export interface InputFile {
  readonly type?: string
  readonly required?: boolean
  readonly default?: unknown
  readonly options?: readonly string[]
}

export type PermissionsFile = 'read-all' | 'write-all' | Readonly<Record<string, string>>

export type ConcurrencyFile =
  | string
  | { readonly group: string; readonly 'cancel-in-progress'?: unknown; readonly queue?: string }

export type EnvironmentFile =
  | string
  | { readonly name: string; readonly url?: string; readonly deployment?: boolean | string }

export interface JobFile {
  readonly name?: string
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> | string }
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly secrets?: 'inherit' | Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
  readonly 'runs-on'?: unknown
  readonly environment?: EnvironmentFile
  readonly permissions?: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly concurrency?: ConcurrencyFile
  readonly 'timeout-minutes'?: unknown
  readonly steps?: readonly StepFile[]
}

export interface StepFile {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
  readonly 'working-directory'?: string
  readonly 'continue-on-error'?: boolean
}

/** A file of the project. */
export const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** A workflow of the project. */
export const readWorkflow = (path: string): WorkflowFile => parseWorkflow(textOf(path))

/** Reads a workflow that GitHub's parser takes. Events are a mapping, however they are written. */
export function parseWorkflow(text: string): WorkflowFile {
  const file = parse(text) as WorkflowFile & { readonly on: unknown }
  return { ...file, on: events(file.on) as WorkflowFile['on'] }
}

function events(on: unknown): object {
  if (typeof on === 'string') return { [on]: null }
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [event, null]))
  return on as object
}
