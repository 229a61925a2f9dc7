import * as z from 'zod/mini'
import { distinct } from './names.ts'
import { expected, text, union } from './shapes.ts'
import { vocabulary } from './vocabulary.ts'

/** No leading `-`: the text becomes an argument of ssh, which must never read it as an option. */
const word = '[A-Za-z0-9_][A-Za-z0-9_.-]*'
const portDigits = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])'
/** Two colons at least: with one it is a host and a port. */
const ipv6 = '[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?'
const hostInLine = `(?:${word}|\\[${ipv6}\\])`
const oneJump = `(?:${word}@)?${hostInLine}(?::${portDigits})?`

/** Digits and dots alone are an address of four numbers: a number too few would be another address to ssh. */
const notHalfAnAddress = '(?!\\d+(?:\\.\\d+){0,2}\\.?$)'

export const hostAddress = text(
  'a host name or an address',
  new RegExp(`^(?:${notHalfAnAddress}${word}|${ipv6})$`),
  'a host name or an address, without user, port and brackets',
)

export const userName = text(
  'a user name',
  new RegExp(`^${word}$`),
  'a user name of letters, digits, `.`, `_` and `-`',
)

/** A jump host, or several on the way, as ssh's `-J` takes them. */
export const jumpHosts = text(
  'jump hosts like deploy@gate:22',
  new RegExp(`^${oneJump}(?:,${oneJump})*$`),
  'jump hosts like deploy@gate:22, divided by commas',
)

const portWords = 'a port between 1 and 65535'

export const port = z
  .int({ error: expected(portWords) })
  .check(z.minimum(1, { error: expected(portWords) }), z.maximum(65_535, { error: expected(portWords) }))
  .register(vocabulary, { words: portWords })

const socketWords = 'an absolute path or an address like 127.0.0.1:9999'

const socket = text(socketWords, new RegExp(`^(?:/\\S+|${hostInLine}:${portDigits})$`))

const socketsWords = `${socketWords}, or a list of them`

/** The addresses of a socket: one, or several. */
export const sockets = union(socketsWords, [
  z
    .array(socket, { error: expected(socketsWords) })
    .check(z.minLength(1, { error: expected(socketsWords) }), distinct),
  socket,
])
