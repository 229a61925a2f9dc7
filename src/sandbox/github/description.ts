import { readFileSync } from 'node:fs'
import type { OperationId } from './operations.ts'

/**
 * The part of GitHub's OpenAPI description that the sandbox reads (`openapi.json`, cut by
 * `scripts/openapi-subset.ts`).
 */
export interface Operation {
  readonly id: OperationId
  readonly method: string
  /** Path template: `/repos/{owner}/{repo}/git/ref/{ref}`. */
  readonly template: string
  readonly parameters: readonly Parameter[]
  readonly body: Body | undefined
  /** True if the body is a file, of any type, and not JSON. */
  readonly takesBytes: boolean
  /** Status → JSON pointer of its schema, or null for a response without a JSON body. */
  readonly responses: ReadonlyMap<number, string | null>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  /** JSON pointer of its schema. */
  readonly pointer: string
  readonly type: string | undefined
}

export interface Body {
  readonly required: boolean
  readonly pointer: string
  /** The keys GitHub knows at the top of the body. */
  readonly keys: readonly string[]
}

interface RawOperation {
  readonly operationId: OperationId
  readonly parameters: readonly RawParameter[]
  readonly requestBody?: RawContent & { readonly required: boolean }
  readonly responses: Readonly<Record<string, RawContent>>
}

interface RawParameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required?: boolean
  readonly schema: { readonly type?: string }
}

interface RawContent {
  readonly content?: {
    readonly 'application/json'?: { readonly schema: { readonly properties?: object } }
    readonly 'application/octet-stream'?: object
  }
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>
}

const json = 'application/json'
const bytes = 'application/octet-stream'

export const description: Description = JSON.parse(
  readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'),
)

export const describedOperations: readonly Operation[] = Object.entries(description.paths).flatMap(
  ([template, item]) => Object.entries(item).map(([method, raw]) => operationOf(template, method, raw)),
)

function operationOf(template: string, method: string, raw: RawOperation): Operation {
  const base = `/paths/${template.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`
  const schema = 'content/application~1json/schema'
  const { [json]: { schema: body } = {}, [bytes]: file } = raw.requestBody?.content ?? {}
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    template,
    parameters: raw.parameters.map(({ name, in: place, required = false, schema: { type } }, index) => ({
      name,
      in: place,
      required,
      pointer: `${base}/parameters/${index}/schema`,
      type,
    })),
    body: body && {
      required: raw.requestBody?.required ?? false,
      pointer: `${base}/requestBody/${schema}`,
      keys: Object.keys(body.properties ?? {}),
    },
    takesBytes: file !== undefined,
    responses: new Map(
      Object.entries(raw.responses).map(([status, response]) => [
        Number(status),
        response.content === undefined ? null : `${base}/responses/${status}/${schema}`,
      ]),
    ),
  }
}
