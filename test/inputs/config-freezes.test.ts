import { describe, expect, test } from 'vitest'
import type { Times } from '../../src/domain/config/times.ts'
import { readPolicy } from '../../src/inputs/config/read.ts'
import { findingsOf, source } from './config.fixture.ts'

const policy = (lines: string) =>
  readPolicy(
    source(`version: 1\nenvironments:\n  production:\n    class: staging\n    ${lines}\n`),
    'production',
  )
const timesOf = (rule: string): Times | undefined =>
  policy(`freezes: [{ name: held, timezone: UTC, ${rule} }]`).freezes[0]?.times

describe('times of a freeze', () => {
  test('are dates on the clock of a zone', () => {
    expect(timesOf('from: 2026-12-18T00:00, to: 2027-01-04T00:00')).toEqual({
      kind: 'once',
      timezone: 'UTC',
      from: '2026-12-18T00:00',
      to: '2027-01-04T00:00',
    })
  })

  test.each([
    ['[fri], from: 16:00, to: "18:00"', ['fri'], 0],
    ['[fri], from: 16:00, to: 08:00', ['fri'], 1],
    ['[sat, sun], from: 00:00, to: 00:00', ['sat', 'sun'], 1],
    ['[mon..wed, tue], from: 09:00, to: 17:00', ['mon', 'tue', 'wed'], 0],
    ['[fri..mon], from: 16:00, to: 08:00', ['fri', 'sat', 'sun', 'mon'], 1],
  ])('are times of a day: days: %s', (written, days, nights) => {
    expect(timesOf(`days: ${written}`)).toMatchObject({ kind: 'weekly', days, nights })
  })

  test.each([
    ['fri 16:00', 'mon 08:00', 'fri', 3],
    ['mon 08:00', 'mon 18:00', 'mon', 0],
    ['mon 18:00', 'mon 08:00', 'mon', 7],
    ['sun 22:00', 'mon 06:00', 'sun', 1],
  ])('are times of a week: from %s to %s', (from, to, day, nights) => {
    expect(timesOf(`from: ${from}, to: ${to}`)).toMatchObject({ kind: 'weekly', days: [day], nights })
  })

  test('let rollbacks through unless they say otherwise', () => {
    const freeze = '{ name: held, timezone: UTC, from: fri 16:00, to: mon 08:00'
    const { freezes } = policy(
      `freezes: [${freeze} }, ${freeze}, allow: [] }, ${freeze}, allow: [redeploy] }]`,
    )
    expect(freezes.map(({ allow }) => allow)).toEqual([['rollback'], [], ['redeploy']])
  })
})

const times = 'a time like 2026-12-18T00:00, "16:00" or fri 16:00'

describe('invalid configs', () => {
  test.each<[what: string, rule: string, ...findings: string[]]>([
    [
      'a time with no zone',
      'from: 2026-12-18T00:00, to: 2027-01-04T00:00',
      '5:15  environments.production.freezes[0]: `timezone` is missing: expected the name of a time zone like Europe/Berlin',
    ],
    [
      'a zone that nobody knows',
      'from: fri 16:00, to: mon 08:00, timezone: Europe/Berln',
      '5:71  environments.production.freezes[0].timezone: there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`?',
    ],
    [
      'an offset for a zone',
      'from: fri 16:00, to: mon 08:00, timezone: "+01:00"',
      '5:71  environments.production.freezes[0].timezone: there is no time zone `+01:00`: use a name of the IANA list, which knows when its clocks change',
    ],
    [
      'an offset in a time',
      'from: 2026-12-18T00:00Z, to: 2027-01-04T00:00, timezone: UTC',
      `5:35  environments.production.freezes[0].from: expected ${times}, found the text \`2026-12-18T00:00Z\`: write it as the clocks of \`timezone\` show it, without \`Z\` or an offset`,
    ],
    [
      'a day that no month has',
      'from: 2026-02-30T00:00, to: 2027-01-04T00:00, timezone: UTC',
      `5:35  environments.production.freezes[0].from: expected ${times}, found the text \`2026-02-30T00:00\`: there is no such day or time`,
    ],
    [
      'an end before its beginning',
      'from: 2027-01-04T00:00, to: 2026-12-18T00:00, timezone: UTC',
      '5:57  environments.production.freezes[0].to: ends before it begins, or as it begins',
    ],
    [
      'a whole week of it',
      'from: fri 16:00, to: fri 16:00, timezone: UTC',
      '5:50  environments.production.freezes[0].to: ends as it begins: a week of it would be for ever',
    ],
    [
      'two ways of writing at once',
      'from: fri 16:00, to: 08:00, timezone: UTC',
      '5:50  environments.production.freezes[0].to: is not written as `from` is: give both a date, both a day of the week, or neither',
    ],
    [
      'a time of a day on no day',
      'from: 16:00, to: 08:00, timezone: UTC',
      '5:35  environments.production.freezes[0].from: is a time of a day: say on which `days`, or write a date',
    ],
    [
      'days beside a date',
      'from: 2026-12-18T00:00, to: 2027-01-04T00:00, days: [fri], timezone: UTC',
      '5:81  environments.production.freezes[0].days: belongs to times of a day, like "16:00": remove it, or write `from` and `to` so',
    ],
    [
      'a day that there is not',
      'days: [friday, 5, mon..tues], from: 16:00, to: 08:00, timezone: UTC',
      '5:36  environments.production.freezes[0].days[0]: expected a day like fri, or several like mon..fri, found the text `friday`: did you mean `fri`?',
      '5:44  environments.production.freezes[0].days[1]: expected a day like fri, or several like mon..fri, found the number 5',
      '5:47  environments.production.freezes[0].days[2]: expected a day like fri, or several like mon..fri, found the text `mon..tues`: did you mean `mon`?',
    ],
    [
      'an action that cannot begin',
      'from: fri 16:00, to: mon 08:00, timezone: UTC, allow: [retry]',
      '5:84  environments.production.freezes[0].allow[0]: expected `deploy`, `rollback`, `redeploy`, `restart`, `scheduler-run`, `maintenance-on`, `maintenance-off`, `close-detour`, `discard-failed-home`, `task`, `restore`, `restore-aside` or `complete-migration`, found the text `retry`',
    ],
  ])('%s', (_what, rule, ...findings) => {
    expect(findingsOf(() => policy(`freezes: [{ name: held, ${rule} }]`))).toEqual(findings)
  })

  test('windows that name none, and a freeze without a name', () => {
    expect(findingsOf(() => policy('windows: []'))).toEqual([
      '5:14  environments.production.windows: names no window: add one, or remove it so that any time will do',
    ])
    expect(findingsOf(() => policy('freezes: [{ from: fri 16:00, to: mon 08:00, timezone: UTC }]'))).toEqual([
      '5:15  environments.production.freezes[0]: `name` is missing: expected a name',
    ])
  })

  test('nobody who may override', () => {
    expect(findingsOf(() => policy('freeze-override: { by: [] }'))).toEqual([
      '5:28  environments.production.freeze-override.by: names no person: add a login or a team, or remove `freeze-override`',
    ])
  })
})
