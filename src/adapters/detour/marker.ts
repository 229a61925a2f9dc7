import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as AgentHttps, request as requestHttps } from 'node:https'
import type { Marker } from '../../domain/config/detour-recipe.ts'
import type { DetourSide } from '../../domain/detour/side.ts'
import { found, type Reading } from '../../domain/reading.ts'
import type { Variables } from '../../pipeline/ports.ts'
import { fill } from '../filling.ts'
import { DoorTrouble, look } from './haproxy/trouble.ts'

/** Reads the mark in the answers of every frontend. */
export interface FrontendMarks {
  /** Opens the connections that later reads use again. */
  keep(variables: Variables, signal: AbortSignal): Promise<void>
  /** Asks each frontend over a new connection and over one that was kept. The side is found where all agree. */
  read(variables: Variables, signal: AbortSignal): Promise<Reading<DetourSide>>
}

/** The connections by which answers are asked for: where kept ones stay on the side that visitors leave, new ones alone. */
export type AskedOver = 'new-and-kept' | 'new'

export function createMarks(marker: Marker, over: AskedOver = 'new-and-kept'): FrontendMarks {
  // One connection a frontend, kept from one read to the next; it does not hold the process.
  const kept = {
    http: new Agent({ keepAlive: true, maxSockets: 1 }),
    https: new AgentHttps({ keepAlive: true, maxSockets: 1 }),
  }

  async function valuesAt(address: string, variables: Variables, signal: AbortSignal): Promise<string[]> {
    const { text, missing } = fill(address, variables)
    if (missing.length > 0 || !URL.canParse(text))
      throw new DoorTrouble(`The address ${address} of the marker is no address.`)
    const url = new URL(text)
    const agent = url.protocol === 'https:' ? kept.https : kept.http
    const agents = over === 'new' ? [false as const] : [false as const, agent]
    return Promise.all(agents.map((one) => markOf(url, one, marker, signal)))
  }

  async function read(variables: Variables, signal: AbortSignal): Promise<Reading<DetourSide>> {
    const values = (
      await Promise.all(marker.addresses.map((address) => valuesAt(address, variables, signal)))
    ).flat()
    const different = [...new Set(values)]
    if (different.length === 1 && different[0] === marker.values.home) return found('home')
    if (different.length === 1 && different[0] === marker.values['stand-in']) return found('stand-in')
    throw new DoorTrouble(
      `The header ${marker.header} says ${different.map((value) => value || 'nothing').join(' and ')}.`,
    )
  }

  return {
    read: (variables, signal) => look(() => read(variables, signal)),
    // An answer without a mark keeps a connection as well.
    keep: async (variables, signal) => void (await look(() => read(variables, signal))),
  }
}

function markOf(url: URL, agent: Agent | false, marker: Marker, signal: AbortSignal): Promise<string> {
  const { header, timeout } = marker
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const failed = (why: string) => reject(new DoorTrouble(`${url.origin} did not answer: ${why}.`))
    const request = send(url, { agent, signal, headers: { 'user-agent': 'rollgate' } })
    const timer = setTimeout(() => request.destroy(new Error(`nothing within ${timeout / 1000} s`)), timeout)
    request.on('close', () => clearTimeout(timer))
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The other end may have closed a kept connection for its age: that says nothing of the side.
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(markOf(url, agent, marker, signal))
      else failed(error.code ?? error.message)
    })
    request.on('response', (response: IncomingMessage) => {
      const value = response.headers[header.toLowerCase()]
      response.resume().on('close', () => resolve(Array.isArray(value) ? value.join(', ') : (value ?? '')))
    })
    request.end()
  })
}
