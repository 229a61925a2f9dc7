import { expect, test } from 'vitest'
import { chartName } from '../../src/report/outcome/gantt.ts'
import { code, fenced, link, plain, shorten, table, text } from '../../src/report/text/markdown.ts'
import { onePage } from '../../src/report/text/page.ts'

test('text of others cannot become Markdown, HTML, a mention, an issue or a formula', () => {
  expect(text('<img src=x onerror=alert(1)>')).toBe('&#60;img src=x onerror=alert(1)&#62;')
  expect(text('**bold** _it_ `code` ~~no~~')).toBe('\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~')
  expect(text('[click](javascript:alert(1))')).toBe('\\[click\\](javascript:alert(1))')
  expect(text('a | b')).toBe('a &#124; b')
  expect(text('@everyone see #12, $x^2$')).toBe(
    '<span>@</span>everyone see <span>#</span>12, <span>$</span>x^2<span>$</span>',
  )
  expect(text('see https://evil.example and www.evil.example')).toBe(
    'see https&#58;//evil.example and www&#46;evil.example',
  )
  expect(text('&lt; &amp;')).toBe('&#38;lt; &#38;amp;')
})

test('text of others cannot begin a heading, a list or a rule', () => {
  expect(text('# heading')).toBe('\\# heading')
  expect(text('- item')).toBe('\\- item')
  expect(text('1. item')).toBe('1\\. item')
  expect(text('=====')).toBe('\\=====')
  expect(text('one\n\n## two')).toBe('one ## two')
})

test('ordinary values stay as they are', () => {
  for (const value of ['v1.3.0', 'web-3', '2026.1', 'roll-services/web', 'Größe 3 – ok (100 %)'])
    expect(text(value)).toBe(value)
})

test('code of others cannot end its span or its table cell', () => {
  expect(code('make image')).toBe('`make image`')
  expect(code('echo `id` | tee')).toBe('<code>echo &#96;id&#96; &#124; tee</code>')
  expect(code('</code><b>|')).toBe('<code>&#60;/code&#62;&#60;b&#62;&#124;</code>')
  expect(code('')).toBe('<code></code>')
})

test('colours go, and characters that would not be seen are marked', () => {
  expect(plain('\u001b[31mred\u001b[0m')).toBe('red')
  expect(plain('v1\u202e0.3')).toBe('v1\u{fffd}0.3')
  expect(plain('a\u0000b\u200bc')).toBe('a\u{fffd}b\u{fffd}c')
})

test('a fence is longer than any fence in it', () => {
  expect(fenced(['a', '````', 'b'])).toBe('`````\na\n````\nb\n`````')
})

test('only web addresses become links, and none can end its link', () => {
  expect(link('x', 'javascript:alert(1)')).toBe('x')
  expect(link('x', 'not an address')).toBe('x')
  expect(link('x', 'https://a.example/b|c> d')).toBe('[x](<https://a.example/b%7Cc%3E%20d>)')
})

test('a table keeps its columns whatever is in its cells', () => {
  const page = table(['a', 'b'], [[text('x | y\n| z'), code('p | q')]])
  expect(page.split('\n').at(-1)?.match(/\|/g)).toHaveLength(3)
})

test('a name in a chart cannot be anything but a name', () => {
  expect(chartName('web:crit, 1;2#3')).toBe('web_crit_ 1_2_3')
  expect(chartName('section evil')).toBe('_section evil')
  expect(chartName('click web call alert()')).toBe('_click web call alert__')
  expect(chartName('%%{init: {}}%%')).toBe('___init_ _____')
  expect(chartName('')).toBe('_')
})

test('nothing is cut within a character', () => {
  expect(shorten('abc', 3)).toBe('abc')
  expect(shorten('a😀😀😀', 3)).toBe('a😀…')
})

test('a page that GitHub would refuse loses its optional parts, and says so', () => {
  const page = onePage(
    [{ text: 'what failed' }, { text: 'x'.repeat(500), optional: 'the chart' }, { text: 'and this' }],
    200,
  )
  expect(page).toContain('what failed\n\nand this')
  expect(page).toContain('Left out, because this page would be too long for GitHub: the chart.')
})
