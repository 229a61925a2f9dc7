import { configPath } from '../../../init/draft.ts'
import { kindWords } from '../../../init/recognise.ts'
import type { CommandWords } from '../command.ts'
import { look } from './disk.ts'
import type { SeenAt } from './see.ts'

/** Returns the sentence about an option that cannot be; null where all of them can. */
export function wrongOptions(asked: CommandWords, { repository }: SeenAt): string | null {
  const [folder, as] = [asked.value('folder'), asked.value('as')]
  if (![null, 'buttons'].includes(asked.value('with'))) return '--with takes buttons.'
  if (asked.has('reusable') && asked.value('with') !== null)
    return '--reusable writes callers, which have a form each: leave --with out.'
  if (as !== null && !kindWords.includes(as)) return `--as takes one of ${kindWords.join(', ')}.`
  const clean = folder?.replace(/\/+$/, '')
  const port = asked.value('port')
  if (port !== null && !isPort(port)) return '--port takes a number from 1 to 65000.'
  if (folder !== null && !repository.paths.some((path) => path.startsWith(`${clean}/`)))
    return '--folder names no folder of this repository, from its root.'
  return null
}

const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_000

export type ConfigFound =
  | { readonly kind: 'none' }
  | { readonly kind: 'there'; readonly path: string }
  | { readonly kind: 'several'; readonly words: string }

const configName = /^(?:(?:\.github|config|deploy|\.config|ops)\/)?\.?rollgate\.ya?ml$/

/** A config that is there already, at its usual path or at another. */
export function configOf(asked: CommandWords, { root, repository }: SeenAt): ConfigFound {
  const named = asked.value('config')
  if (named !== null) return { kind: 'there', path: named }
  if (look(root, configPath).kind === 'file') return { kind: 'there', path: configPath }
  const found = repository.paths.filter((path) => configName.test(path))
  const [first] = found
  if (first === undefined) return { kind: 'none' }
  if (found.length === 1) return { kind: 'there', path: first }
  return { kind: 'several', words: `There are ${found.length} configs: name one, like --config ${first}.` }
}
