/** Describes a lateness: `3 min`, `1 h 5 min`, `2 d 4 h`. Less than a minute is `less than a minute`. */
export function wholeMinutes(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return `${minutes} min`
  if (minutes < 1_440) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return two(Math.floor(minutes / 1_440), 'd', Math.floor((minutes % 1_440) / 60), 'h')
}

const two = (large: number, unit: string, rest: number, small: string): string =>
  rest === 0 ? `${large} ${unit}` : `${large} ${unit} ${rest} ${small}`
