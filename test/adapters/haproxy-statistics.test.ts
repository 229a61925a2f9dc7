import { expect, test } from 'vitest'
import {
  checkResults,
  isSeenUp,
  isUp,
  readStatistics,
  type ServerStatistics,
  statusInWords,
} from '../../src/adapters/haproxy/statistics.ts'

const said = (status: string, check = '', finding = '', number = '1'): ServerStatistics => ({
  number,
  status,
  check,
  finding,
  sessions: 0,
})

test('columns are found by their names, in whatever order a version has them', () => {
  const csv = `# new_column,svname,sid,pxname,scur,qcur,status,check_status,check_code,last_chk,
7,web-1,4,web,3,2,UP,* L7OK,200,"OK, said ""hello""",
7,web-2,5,web,0,0,MAINT (via web/web-1),,,,
`
  const servers = readStatistics(csv)
  expect(servers('web-1')).toEqual({
    number: '4',
    status: 'UP',
    check: 'L7OK',
    finding: '200 OK, said "hello"',
    sessions: 5,
  })
  expect(servers('web-2')).toEqual(said('MAINT (via web/web-1)', '', '', '5'))
  expect(servers('web-3')).toBeNull()
})

test.each(['UP', 'UP 1/3', 'no check'])('%s gets requests', (status) => {
  expect(isUp(said(status))).toBe(true)
})

test.each(['DOWN', 'DOWN 1/2', 'DRAIN', 'MAINT', 'MAINT (resolution)', 'NOLB', 'NOLB 1/2', ''])(
  '%s gets none',
  (status) => {
    expect(isUp(said(status))).toBe(false)
  },
)

test('one that comes out of maintenance is let in on trust, and is seen up when a check has passed', () => {
  expect(isUp(said('UP 1/3', 'L7OK'))).toBe(true)
  expect(isSeenUp(said('UP 1/3', 'L7OK'))).toBe(false)
  expect(isSeenUp(said('UP', 'L4CON'))).toBe(false)
  expect(isSeenUp(said('UP', 'L7STS'))).toBe(false)
  expect(isSeenUp(said('UP', 'L7OK'))).toBe(true)
  expect(isSeenUp(said('UP', 'L4OK'))).toBe(true)
  expect(isSeenUp(said('UP', 'L7OKC'))).toBe(true)
  expect(isSeenUp(said('no check'))).toBe(true)
})

test.each(Object.entries(checkResults))(
  'a server that is up is seen up by a check that ended as %s, which is %s F29',
  (check, result) => {
    expect(isSeenUp(said('UP', check))).toBe(['passed', 'conditional'].includes(result) || check === 'INI')
    for (const status of [
      'UP 1/2',
      'DOWN',
      'DOWN (agent)',
      'DRAIN (agent)',
      'MAINT (via web/web-2)',
      'NOLB 1/2',
    ])
      expect(isSeenUp(said(status, check))).toBe(false)
    expect(isSeenUp(said('no check', check))).toBe(true)
  },
)

test('an external check that passed is seen up, and one that no version of haproxy is known to have is not F29', () => {
  expect(isSeenUp(said('UP', 'PROCOK', '0'))).toBe(true)
  expect(isSeenUp(said('UP', 'PROCERR', '1'))).toBe(false)
  expect(isSeenUp(said('UP', 'L8OK'))).toBe(false)
})

test('a status is told with what its last check found', () => {
  expect(statusInWords(said('DOWN', 'L7STS', '503 Service Unavailable'))).toBe(
    'DOWN (L7STS: 503 Service Unavailable)',
  )
  expect(statusInWords(said('MAINT'))).toBe('MAINT')
})
