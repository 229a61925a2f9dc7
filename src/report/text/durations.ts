/** `850 ms`, `12 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`: two units at most, so that it is read at a glance. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole < 1000) return `${whole} ms`
  const seconds = Math.round(whole / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return two(seconds, 60, 'min', 1, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return two(minutes, 60, 'h', 1, 'min')
  return two(Math.round(minutes / 60), 24, 'd', 1, 'h')
}

function two(amount: number, size: number, large: string, least: number, small: string): string {
  const rest = amount % size
  const first = `${Math.floor(amount / size)} ${large}`
  return rest < least ? first : `${first} ${rest} ${small}`
}

/** `2026-11-21 09:43:10 UTC`. A time that cannot be read is shown as it is. */
export function moment(iso: string): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return iso
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Milliseconds from one ISO time to another, never below zero. */
export const between = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from))
