import type { Command } from '../../domain/config/command.ts'
import { placeInWords } from '../../domain/config/place.ts'
import { code, counted, shorten, text } from '../text/markdown.ts'

const longestCommand = 80

/** A command's first line, cut to a length that is read at a glance. */
export function commandInBrief({ run, on }: Command): string {
  const [first = '', ...others] = run.trim().split(/\r?\n/)
  const more = others.length === 0 ? '' : ` and ${counted(others.length, 'more line')}`
  const place = placeInWords(on)
  return `${code(shorten(first, longestCommand))}${more}${place === null ? '' : `, ${text(place)}`}`
}
