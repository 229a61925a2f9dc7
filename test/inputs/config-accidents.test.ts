import { describe, expect, test } from 'vitest'
import { findingsOf, readBoth } from './config.fixture.ts'

const text = `version: 1
environments:
  production:
    class: production
services:
  web:
    fleet:
      local: { instances: [web-1, web-2] }
      install: bin/install
      start: bin/start
    rollout:
      max-parallel: 1
`
const changed = (from: string | RegExp, to: string): string => text.replace(from, to)
const nbsp = '\u00a0'

describe('one accident is one finding, where it happened', () => {
  test.each([
    [
      'a merge key in an overlay',
      changed('class: production\n', 'class: production\n    services: { web: { <<: { rollout: {} } } }\n'),
      '5:24  environments.production.services.web: merge keys (`<<`) are not read here: write the keys out',
    ],
    [
      'a merge key in a recipe',
      changed('    fleet:\n', '    <<: *common\n    fleet:\n'),
      '7:5  services.web: merge keys (`<<`) are not read here: write the keys out',
    ],
    [
      'non-breaking spaces in every indentation',
      text.replaceAll('  ', nbsp + nbsp),
      `3:1  a non-breaking space (U+00A0) stands here, which is no space for YAML: write a space, or put the text in quotes; the same at 8 places below`,
    ],
    [
      'a non-breaking space behind a colon',
      changed('class: ', `class:${nbsp}`),
      '4:5  environments.production: a non-breaking space (U+00A0) stands here, which is no space for YAML: write a space, or put the text in quotes',
    ],
    [
      'a non-breaking space at the end of a line',
      changed('class: production', `class: production${nbsp}`),
      '4:12  environments.production.class: a non-breaking space (U+00A0) stands here, which is no space for YAML: write a space, or put the text in quotes',
    ],
    [
      'a byte order mark in the middle',
      changed('services:', '\uFEFFservices:'),
      '5:1  a character that looks like a blank or like nothing (U+FEFF) stands here, which is no space for YAML: write a space, or put the text in quotes',
    ],
    [
      'tabs in every indentation',
      text.replaceAll('  ', '\t'),
      '3:1  a tab stands where YAML wants spaces: indent with spaces; the same at 8 places below',
    ],
    [
      'a merge conflict',
      changed(
        '      install: bin/install\n',
        '<<<<<<< HEAD\n      install: a\n=======\n      install: b\n>>>>>>> feature\n',
      ),
      '9:1  a merge conflict is left here: keep one side, and remove the lines of <<<<<<<, ======= and >>>>>>>',
    ],
    [
      'a merge conflict of three sides',
      changed(
        '      install: bin/install\n',
        '<<<<<<< HEAD\r\n||||||| base\n      install: b\n=======\n>>>>>>> feature\n',
      ),
      '9:1  a merge conflict is left here: keep one side, and remove the lines of <<<<<<<, ======= and >>>>>>>',
    ],
    [
      'a double quotation mark that is not closed',
      changed('bin/install', '"bin/install'),
      '9:16  the quotation mark " that opens here is not closed on its line: close it',
    ],
    [
      'a single quotation mark that is not closed',
      changed('bin/install', "'bin/install"),
      "9:16  the quotation mark ' that opens here is not closed on its line: close it",
    ],
    [
      'a quotation mark that another one closes lines below',
      changed('bin/install', '"bin/install').replace('bin/start', '"bin/start"'),
      '9:16  the quotation mark " that opens here is not closed on its line: close it',
    ],
    [
      'an apostrophe in single quotes',
      changed('bin/install', "'it's'"),
      "9:16  the text in quotes ends before the value does: put the whole value in quotes, and write each ' of it twice",
    ],
    [
      'a key that is written twice',
      changed('      start: bin/start\n', '      start: bin/start\n      install: x\n'),
      '11:7  the key `install` is written twice: keep one of them',
    ],
    [
      'an alias without an anchor',
      changed('bin/install', '*nothing'),
      '9:16  services.web.fleet.install: the alias `*nothing` names no anchor above it',
    ],
    [
      'a bracket that is not closed',
      changed('web-2] }', 'web-2'),
      '8:27  the bracket [ that opens here is not closed: close it, or put the value in quotes',
    ],
    [
      'lines that end with a carriage return alone',
      text.replaceAll('\n', '\r'),
      '1:11  lines end with a carriage return alone: save the file with line feeds',
    ],
    [
      'another encoding than UTF-8',
      Buffer.from(`\uFEFF${text}`, 'utf16le').toString('utf8'),
      '1:1  the file is not UTF-8: save it as UTF-8',
    ],
  ])('%s F40', (_, broken, finding) => {
    expect(findingsOf(() => readBoth(broken))).toEqual([finding])
  })

  test('two merge conflicts are two findings F40', () => {
    const conflict = '<<<<<<< a\n=======\n>>>>>>> b\n'
    const broken = changed('    rollout:\n', `${conflict}    rollout:\n${conflict}`)
    expect(findingsOf(() => readBoth(broken)).map((line) => line.split(' ')[0])).toEqual(['11:1', '15:1'])
  })
})

test.each([
  ['a byte order mark at the beginning', `\uFEFF${text}`],
  ['lines of Windows', text.replaceAll('\n', '\r\n')],
  ['anchors and aliases', changed('bin/install', '&it bin/install').replace('bin/start', '*it')],
  ['a non-breaking space within a value', changed('bin/install', `echo${nbsp}x`)],
  ['a non-breaking space at the edge of a quoted value', changed('bin/install', `"echo${nbsp}"`)],
  ['a tab behind a colon', changed('class: ', 'class:\t')],
  ['a tab in a script', changed('bin/install', '|\n        if true; then\n        \techo\n        fi')],
  [
    'seven equals signs in a script',
    changed('bin/install', '|\n        cat <<END\n        =======\n        END'),
  ],
])('%s is no accident F40', (_, fine) => {
  expect(readBoth(fine).recipe.services).toHaveLength(1)
})
