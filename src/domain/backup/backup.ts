/** A point to which the database can be restored: made before a migration, and kept by the user's own tools. */
export interface Backup {
  readonly name: string
  /** The position of the database in it, in words of the engine; null where `create` printed none. */
  readonly position: string | null
  /** The time at which its making had ended, as an ISO time in UTC. */
  readonly at: string
  /** The deployment that made it. */
  readonly deployment: number
}

const nameForm = /^[A-Za-z0-9][\w.:@+/=-]{0,199}$/
const positionForm = /^[\w.:/+-]{1,100}$/

/**
 * Reads the last line of `create`: the name of the backup, and after a space the position of the database in it. Returns
 * null where it names none: a migration must not begin without a point to go back to.
 */
export function backupPrinted(lines: readonly string[]): Pick<Backup, 'name' | 'position'> | null {
  const last = lines.findLast((line) => line.trim() !== '')?.trim() ?? ''
  const [name = '', position = null, ...more] = last.split(/\s+/)
  const fits = nameForm.test(name) && (position === null || positionForm.test(position)) && more.length === 0
  return fits ? { name, position } : null
}

/** `shop-0411 of 2026-04-11 09:00 UTC at position 0/3000148` */
export const describeBackup = ({ name, position, at }: Omit<Backup, 'deployment'>): string =>
  `${name} of ${at.slice(0, 16).replace('T', ' ')} UTC${position === null ? '' : ` at position ${position}`}`
