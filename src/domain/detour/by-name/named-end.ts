/**
 * The state in which a deployment left its detour. Untouched: home was never changed, and visitors may be at either side.
 * Away: they are on the stand-in, and home is brought back first. Returned: they are home, and the stand-in is left over.
 */
export type LeftBehind = 'untouched' | 'away' | 'returned'

/** The end that a person chose who closes a detour by name. */
export interface NamedEnd {
  /** The name of the detour. */
  readonly of: string
  readonly left: LeftBehind
  /** The database of home: as it is now, or as visitors left it. */
  readonly database: 'stays' | 'restored'
  /** True if the person knows that the release may not work on the database as it is. */
  readonly acknowledged: boolean
}
