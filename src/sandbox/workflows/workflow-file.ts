import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const root = new URL('../../../', import.meta.url)

export interface WorkflowFile {
  readonly on: {
    readonly workflow_call?: CallFile
    readonly workflow_dispatch?: CallFile
  }
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, JobFile>>
}

interface CallFile {
  readonly inputs?: Readonly<Record<string, InputFile>>
  readonly secrets?: Readonly<Record<string, unknown>>
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>
}

export interface InputFile {
  readonly type: string
  readonly required?: boolean
  readonly default?: unknown
  readonly options?: readonly string[]
}

export interface JobFile {
  readonly name?: string
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly strategy?: { readonly matrix: { readonly include: string } }
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly 'runs-on'?: unknown
  readonly environment?: { readonly name: string; readonly deployment?: boolean } | string
  readonly permissions?: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly concurrency?: unknown
  readonly steps?: readonly StepFile[]
}

export interface StepFile {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
}

/** A file of the repository. */
export const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8')

export const readWorkflow = (path: string): WorkflowFile => parse(textOf(path)) as WorkflowFile
