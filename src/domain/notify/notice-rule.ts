import type { Command } from '../config/command.ts'

/** The moments of a deployment that people and machines are told of. */
export const noticePoints = [
  'started',
  'waiting',
  'halted',
  'succeeded',
  'failed',
  'rolled-back',
  'detour-opened',
  'detour-closed',
] as const

export type NoticePoint = (typeof noticePoints)[number]

/** One entry of an environment's `notify`: the moments, and the way to tell of them. */
export interface NoticeRule {
  readonly on: readonly NoticePoint[]
  readonly by: NoticeWay
}

export type NoticeWay =
  | { readonly kind: 'run'; readonly command: Command }
  | {
      readonly kind: 'http'
      /** With `$NAME` in place of what is secret in it. */
      readonly url: string
      /** The header that lets the receiver know the sender, and the variable with its value; null without one. */
      readonly secret: { readonly header: string; readonly variable: string } | null
      readonly timeout: number
    }

/** The name of a way, by which a notice that could not be sent finds it again: its text in the config. */
export const nameOfWay = (way: NoticeWay): string => (way.kind === 'run' ? way.command.run : way.url)
