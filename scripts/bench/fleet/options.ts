import { parseArgs } from 'node:util'

export interface Options {
  readonly hosts: readonly number[]
  /** Keys of contestants; null means all. */
  readonly only: readonly string[] | null
  readonly json: boolean
  /** True to measure going back in place of going forward. */
  readonly back: boolean
  readonly rounds: number
  /** The most hosts that are rolled one by one as well. */
  readonly oneByOne: number
  /** Milliseconds after which a contestant is ended. */
  readonly longest: number
}

/** Throws a sentence for a word that is not understood. */
export function readOptions(words: readonly string[], keys: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      hosts: { type: 'string', default: '10,30,100' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      back: { type: 'boolean', default: false },
      'one-by-one': { type: 'string', default: '30' },
      rounds: { type: 'string', default: '1' },
      longest: { type: 'string', default: '120' },
    },
  })
  const only = values.only?.split(',') ?? null
  const unknown = only?.find((key) => !keys.includes(key))
  if (unknown !== undefined) throw new Error(`--only knows ${keys.join(', ')}, and not ${unknown}`)
  return {
    hosts: values.hosts.split(',').map((text) => numberIn('--hosts', text, 200)),
    only,
    json: values.json,
    back: values.back,
    oneByOne: numberIn('--one-by-one', values['one-by-one'], 200),
    rounds: numberIn('--rounds', values.rounds, 20),
    longest: 1000 * numberIn('--longest', values.longest, 3600),
  }
}

function numberIn(option: string, text: string, most: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Error(`${option} takes whole numbers from 1 to ${most}, and not ${text}`)
  return number
}
