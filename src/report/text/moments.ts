/** Returns `2026-11-21 09:43:10 UTC`. An unreadable time is shown as it is. */
export function moment(iso: string): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return iso
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Milliseconds from one ISO time to another, never below zero. */
export const between = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from))
