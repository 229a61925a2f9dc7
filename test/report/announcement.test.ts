import { expect, test } from 'vitest'
import { acceptedInWords, announcementSummary } from '../../src/report/act/announcement.ts'

const nothing = {
  redeploy: false,
  acknowledgeOlder: false,
  override: '',
  without: { verified: '', rehearsed: '' },
}

test('a schedule that a form starts names to its approver all that it sets aside F43', () => {
  expect(acceptedInWords(nothing)).toBe('')
  const all = {
    redeploy: true,
    acknowledgeOlder: true,
    override: 'a',
    without: { verified: 'b', rehearsed: 'c' },
  }
  const words = acceptedInWords(all)
  expect(words).toBe(
    ', with redeploy and acknowledge-older and override-freeze (a) and override-verified (b) and override-rehearsed (c)',
  )
  const hostile = acceptedInWords({ ...nothing, override: '</b>@acme/all ![x](http://evil)' })
  expect(announcementSummary({ does: `starts s1${hostile}`, reason: '' })).not.toMatch(/<\/b>|@acme|!\[x\]/)
})
