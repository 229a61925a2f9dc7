import { fillAddress } from '../../src/adapters/prober/address.ts'
import type { Probe } from '../../src/domain/config/command.ts'
import type { Answer, Clock, Prober, Variables } from '../../src/pipeline/ports.ts'

/** `silent`: it takes the question and never answers. */
export type Reply = Answer | { readonly kind: 'silent' }

export interface FakeProber extends Prober {
  /** Every question, as the filled-in address or the command's text. */
  readonly asked: readonly string[]
  /**
   * Sets the replies of an address (filled in, as the URL is written) or a command's text: one after another,
   * of which the last one stays, or the result of a function.
   */
  reply(to: string, ...replies: readonly [Reply, ...Reply[]]): void
  replyBy(to: string, choose: (variables: Variables) => Reply): void
}

/** A prober without a network. An address without a reply is absent, and a command says yes. */
export function createFakeProber(clock: Clock): FakeProber {
  const choices = new Map<string, (variables: Variables) => Reply>()
  const asked: string[] = []

  return {
    asked,
    reply(to, ...replies) {
      const left = [...replies]
      choices.set(to, () => (left.length > 1 ? left.shift() : left[0]) ?? replies[0])
    },
    replyBy(to, choose) {
      choices.set(to, choose)
    },
    async ask(probe, variables, signal) {
      if (signal.aborted) return { kind: 'unknown', why: 'stopped' }
      const address = probe.kind === 'http' ? fillAddress(probe.url, variables) : null
      if (address?.kind === 'unusable') return { kind: 'no', why: address.why, text: '' }
      const question = probe.kind === 'http' ? `${address?.url}` : probe.command.run
      asked.push(question)

      const reply = choices.get(question)?.(variables) ?? unaskedReply(probe)
      if (reply.kind !== 'silent') return reply
      const timeout = probe.kind === 'http' ? probe.timeout : probe.command.timeout
      await clock.sleep(timeout, signal)
      return signal.aborted ? { kind: 'unknown', why: 'stopped' } : { kind: 'timed-out', after: timeout }
    },
  }
}

function unaskedReply(probe: Probe): Answer {
  return probe.kind === 'http' ? { kind: 'absent', why: 'connection refused' } : { kind: 'yes', text: '' }
}
