/** `850 ms`, `12 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`: two units at most, so that it is read at a glance. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole < 1000) return `${whole} ms`
  const seconds = Math.round(whole / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return two(seconds, 60, 'min', 's')
  return inMinutes(Math.round(seconds / 60), Math.round)
}

/** Describes a lateness: `3 min`, `1 h 5 min`, `2 d 4 h`. Less than a minute is `less than a minute`. */
export function wholeMinutes(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return 'less than a minute'
  return minutes < 60 ? `${minutes} min` : inMinutes(minutes, Math.floor)
}

/** Describes a time limit: `2.5 s`. */
export const inSeconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10} s`

/** An hour or more. */
const inMinutes = (minutes: number, whole: (hours: number) => number): string =>
  minutes < 1440 ? two(minutes, 60, 'h', 'min') : two(whole(minutes / 60), 24, 'd', 'h')

function two(amount: number, size: number, large: string, small: string): string {
  const rest = amount % size
  const first = `${Math.floor(amount / size)} ${large}`
  return rest === 0 ? first : `${first} ${rest} ${small}`
}
