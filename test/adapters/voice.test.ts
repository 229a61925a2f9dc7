import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { wouldBeObeyed } from '../../src/adapters/voice.ts'

/** Returns the lines that a process writes with the voice; its random words are numbered in order of appearance. */
function spoken(script: string): string[] {
  const module = new URL('../../src/adapters/voice.ts', import.meta.url)
  const program = `import { createVoice } from '${module}'\nconst voice = createVoice({ mask: (text) => text.replaceAll('hunter2', '***') })\n${script}`
  const written = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  const words = new Map<string, string>()
  const numbered = written.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (word) => {
    if (!words.has(word)) words.set(word, `word-${words.size + 1}`)
    return words.get(word) ?? word
  })
  expect(numbered.endsWith('\n')).toBe(true)
  return numbered.slice(0, -1).split('\n')
}

describe('the voice', () => {
  test('folds, tells and warns in the words of the runner', () => {
    expect(
      spoken(`
        voice.group('Roll web')
        voice.line('web-1 drained')
        voice.endGroup()
        voice.warning('web-3: self test', 'no answer\\nwithin 60 s')
        voice.mask('s3cret')
      `),
    ).toEqual([
      '::group::Roll web',
      'web-1 drained',
      '::endgroup::',
      '::warning title=web-3%3A self test::no answer%0Awithin 60 s',
      '::add-mask::s3cret',
    ])
  })

  test('says nothing of its own that the runner would obey', () => {
    expect(
      spoken(`voice.line('::error::a tag name'); voice.line('note ##[endgroup]'); voice.line('a::b')`),
    ).toEqual([
      '::stop-commands::word-1',
      '::error::a tag name',
      '::word-1::',
      '::stop-commands::word-2',
      'note ##[endgroup]',
      '::word-2::',
      'a::b',
    ])
  })
})

/** Char.IsWhiteSpace of .NET, and what its comparisons pass over. */
const passedOver = [
  0x09, 0x0b, 0x0c, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
  0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0x00, 0x07, 0x1b, 0xad, 0x180e, 0x200b,
  0x200d, 0x200e, 0x2060, 0xfe0f, 0xfeff,
].map(
  (code) => [`U+${code.toString(16).toUpperCase().padStart(4, '0')}`, String.fromCodePoint(code)] as const,
)

describe('commands of the runner', () => {
  test.each(passedOver)('a command behind or within %s is guarded F52', (_, character) => {
    for (const text of [
      `${character}::stop-commands::x`,
      `done\r${character} ${character}::error::x`,
      `a\n:${character}:error::x`,
      `said ##[${character}error]`,
      `said #${character}#[error]`,
      `\u2022 ${character}::error::x`,
    ])
      expect(wouldBeObeyed(text), JSON.stringify(text)).toBe(true)
  })

  test.each(['a::b', 'std::string', 'web-1: fine', '# [link]'])('%j is none F52', (text) => {
    expect(wouldBeObeyed(text)).toBe(false)
  })

  test('every line is masked, in the log and in annotations F51', () => {
    expect(
      spoken(`
        voice.line('pw hunter2')
        voice.warning('of hunter2', 'hunter2')
        voice.error('of hunter2', 'hunter2')
        voice.notice('of hunter2', 'hunter2')
        voice.group('hunter2')
      `),
    ).toEqual([
      'pw ***',
      '::warning title=of ***::***',
      '::error title=of ***::***',
      '::notice title=of ***::***',
      '::group::***',
    ])
  })

  test('nothing but the voice writes to the log, apart from fixed words and the command line F52', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('sandbox/') && file !== 'adapters/voice.ts',
    )
    const written = files.flatMap((file) =>
      [...readFileSync(`src/${file}`, 'utf8').matchAll(/(?:stdout|stderr)\.write\(|console\.\w+\(/g)].map(
        () => file,
      ),
    )
    expect(written).toEqual([
      'entry/cli.ts',
      'entry/cli.ts',
      'entry/main.ts',
      'entry/main.ts',
      'entry/run/signals.ts',
      'entry/run/signals.ts',
    ])
    const annotating = files.filter((file) =>
      /import \{[^}]*\b(?:error|warning|notice|info|setFailed|startGroup)\b[^}]*\} from '@actions\/core'/.test(
        readFileSync(`src/${file}`, 'utf8'),
      ),
    )
    expect(annotating).toEqual([])
  })
})

describe('a quote', () => {
  test('is not obeyed, whatever it says', () => {
    expect(
      spoken(`
        const quote = voice.quote()
        quote.line('::add-mask::a')
        quote.line('##[error]b')
        quote.line('::stop-commands::c')
        quote.resume()
        voice.line('after')
      `),
    ).toEqual([
      '::stop-commands::word-1',
      '::add-mask::a',
      '##[error]b',
      '::stop-commands::c',
      '::word-1::',
      'after',
    ])
  })

  test('leaves no trace of a silent command', () => {
    expect(spoken(`voice.quote().resume(); voice.line('after')`)).toEqual(['after'])
  })

  test('ends with the last of several that are open', () => {
    expect(
      spoken(`
        const [one, two] = [voice.quote(), voice.quote()]
        one.line('::a')
        two.line('::b')
        one.resume()
        one.resume()
        two.line('::c')
        two.resume()
      `),
    ).toEqual(['::stop-commands::word-1', '::a', '::b', '::c', '::word-1::'])
  })

  test('lets our own commands be obeyed in between, and never uses a word twice', () => {
    expect(
      spoken(`
        const quote = voice.quote()
        quote.line('::a')
        voice.warning('web-3', 'is down')
        quote.line('::b')
        voice.line('::between')
        quote.resume()
      `),
    ).toEqual([
      '::stop-commands::word-1',
      '::a',
      '::word-1::',
      '::warning title=web-3::is down',
      '::stop-commands::word-2',
      '::b',
      '::between',
      '::word-2::',
    ])
  })

  test('that speaks after its end is not obeyed either', () => {
    expect(
      spoken(`const quote = voice.quote(); quote.resume(); quote.line('::late'); quote.line('late')`),
    ).toEqual(['::stop-commands::word-1', '::late', '::word-1::', 'late'])
  })
})

test('a command cannot act on the runner: its lines stand between two random words', () => {
  const module = (name: string) => new URL(`../../src/adapters/${name}.ts`, import.meta.url)
  const lines = spoken(`
    import { createShell } from '${module('shell')}'
    import { createMasker } from '${module('masking')}'
    const groups = { expect() {}, forget() {}, add() {}, remove() {} }
    const shell = createShell({ env: process.env, cwd: '/', masker: createMasker(), groups })
    const quote = voice.quote()
    const run = 'echo "::set-output name=state::success"; echo "##[command]rm"; echo "  ::error::x"'
    const command = { run, shell: 'bash', env: {}, workingDirectory: '.', timeout: 5000 }
    await shell.run(command, {}, { line: quote.line, signal: new AbortController().signal })
    quote.resume()
  `)
  expect(lines).toEqual([
    '::stop-commands::word-1',
    '::set-output name=state::success',
    '##[command]rm',
    '  ::error::x',
    '::word-1::',
  ])
})
