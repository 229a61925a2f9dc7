import { median } from '../median.ts'
import type { Cost } from './gauge.ts'
import type { Track } from './track.ts'

/** The price here of one part of a roll. Times in milliseconds. */
export interface Price {
  readonly name: string
  readonly wall: number
  readonly cpu: number
}

const TRIES = 9

/** Measures the common costs of hosts and contestants: medians of a few tries, one at a time. */
export async function pricesOn({ gauge, env, emptyFolder }: Track, signal: AbortSignal): Promise<Price[]> {
  const ssh = (...options: string[]) => ['ssh', '-F', env.SETTINGS ?? '', ...options, 'web-1', ':']
  const things = [
    { name: 'to start a program', argv: ['true'] },
    { name: 'an ssh that does nothing, its side alone', argv: ssh() },
    { name: 'the same by curve25519', argv: ssh('-o', 'KexAlgorithms=curve25519-sha256') },
  ]
  const cwd = emptyFolder()
  const prices: Price[] = []
  for (const { name, argv } of things) {
    const costs: Cost[] = []
    for (let tried = 0; tried < TRIES; tried += 1)
      costs.push(await gauge.run({ argv, cwd, env, signal, leave: false }))
    prices.push({
      name,
      wall: median(costs.map(({ wall }) => wall)),
      cpu: median(costs.map(({ cpu }) => cpu)),
    })
  }
  return prices
}

export const pricesInWords = (prices: readonly Price[]): string =>
  prices
    .map(({ name, wall, cpu }) => `${name}: ${wall.toFixed(0)} ms, ${cpu.toFixed(0)} ms of CPU`)
    .join('\n')
