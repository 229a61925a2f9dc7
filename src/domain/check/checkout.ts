import type { FilesSeen } from '../plan/files-there.ts'

/** A text file of a checkout. */
export interface TextSeen {
  readonly text: string
  /** True if git keeps it with CR LF at the end of a line. */
  readonly carriageReturns: boolean
}

/** A checkout as its next commit would keep it: the names of all files, and the text of those that a check reads. */
export interface CheckoutSeen extends FilesSeen {
  readonly texts: ReadonlyMap<string, TextSeen>
  /** Files that a command runs, and that are in the working tree without being added to git. */
  readonly notAdded: ReadonlySet<string>
}
