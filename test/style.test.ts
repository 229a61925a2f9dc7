import { describe, expect, test } from 'vitest'
import { inputs, outputs } from '../src/inputs/definitions.ts'
import {
  comments,
  hashComments,
  messages,
  type Placed,
  schemaDescriptions,
  scriptComments,
  titles,
  yamlDescriptions,
} from './texts.ts'

/** A sentence that opens with one of these hides its subject behind a relative clause. */
const opening = /^(?:What|Who|Whoever|Whom|Whose|Whether|Where|Of|Besides?)\b/

const banned =
  /\b(?:all the same|to the letter|(?:go|goes|going|gone|went) on with|as it is when|taken for it|keep an eye on)\b/i

/** A comment names the reviewer, the operator or the run that it is about. */
const nobodyInParticular = /\b(?:whoever|whom|(?:some|any|no)body)\b/i

const described: Placed[] = [
  ...Object.entries({ ...inputs, ...outputs }).map(([name, { description }]) => ({
    place: `src/inputs/definitions.ts, ${name}`,
    text: description,
  })),
  ...yamlDescriptions(),
  ...schemaDescriptions(),
]

const words = (text: string): number => text.split(' ').length
const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?]) (?=[A-Z])/)
const firstSentence = (text: string): string => text.split(/[.:;] /)[0] ?? text

/** Returns the texts that break a rule, each with its place. */
const those = (texts: readonly Placed[], breaks: (text: string) => boolean): string[] =>
  texts.filter(({ text }) => breaks(text)).map(({ place, text }) => `${place} ${text}`)

describe('a description', () => {
  test('opens with its subject', () => {
    expect(those(described, (text) => opening.test(text))).toEqual([])
  })

  test('says no phrase that has a plain word', () => {
    expect(those(described, (text) => banned.test(text))).toEqual([])
  })

  test('has a first sentence of at most 20 words', () => {
    expect(those(described, (text) => words(firstSentence(text)) > 20)).toEqual([])
  })
})

describe('a message', () => {
  const all = messages()

  test('has its subject first in every sentence, unless it asks something', () => {
    const asks = (sentence: string): boolean => sentence.endsWith('?')
    const breaks = (text: string): boolean =>
      sentencesOf(text).some((sentence) => opening.test(sentence) && !asks(sentence))
    expect(those(all, breaks)).toEqual([])
  })

  test('names the person or the run, and says no phrase that has a plain word', () => {
    expect(those(all, (text) => banned.test(text) || nobodyInParticular.test(text))).toEqual([])
  })
})

describe('the title of a test', () => {
  const all = titles()

  test('opens with its subject and has at most 110 characters', () => {
    const breaks = (text: string): boolean => text.length > 110 || new RegExp(opening, 'i').test(text)
    expect(those(all, breaks)).toEqual([])
  })

  test('stands once in its file, if it is a whole sentence: a second one is the same test again', () => {
    const sentences = all.filter(({ text }) => words(text) > 8)
    const named = sentences.map(({ place, text }) => `${place.split(':')[0]} ${text}`)
    expect(named.filter((one, at) => named.indexOf(one) !== at)).toEqual([])
  })
})

describe('a comment', () => {
  const all = comments()

  test('opens with its subject', () => {
    expect(those(all, (text) => opening.test(text))).toEqual([])
  })

  test('says no phrase that has a plain word', () => {
    expect(those(all, (text) => banned.test(text) || nobodyInParticular.test(text))).toEqual([])
  })
})

describe('the reading of comments', () => {
  test('joins lines that follow each other, in every form', () => {
    const script = '/**\n * Of two\n * lines.\n */\nconst a = "// no" // one\n// Where\n// it is.\n'
    expect(scriptComments('a.ts', script).map(({ place, text }) => `${place} ${text}`)).toEqual([
      'a.ts:1 Of two lines.',
      'a.ts:5 one Where it is.',
    ])
    const yaml = '#!/bin/sh\n# What\n# it is.\n#\nrun: a # b\nc: d#e\n  # Who\n'
    expect(hashComments('a.yml', yaml).map(({ place, text }) => `${place} ${text}`)).toEqual([
      'a.yml:2 What it is.',
      'a.yml:5 b',
      'a.yml:7 Who',
    ])
  })
})
