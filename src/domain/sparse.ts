import { canonical } from './canonical.ts'

/*
 * Ledgers and plans are written sparse since 0.1.0: a field that says nothing is left out. Inside, every field is there.
 * Each shape has a row that says what a missing field means, a reader, and a writer that is its inverse: the files
 * `written-*.ts` or in the folder `written`. A field that a later version adds gets a place in its row. Then ledgers and plans of earlier versions
 * are read, and the digest of a plan that does not use the field stays the same.
 */

/** A shape as it is written, where these fields may be missing. */
export type Sparse<Whole, Field extends keyof Whole> = Omit<Whole, Field> & Partial<Pick<Whole, Field>>

/** Returns a whole thing: what is given, then the row for the fields that are missing. */
export const filled = <Row extends object, Given extends object>(row: Row, given: Given) => ({
  ...given,
  ...row,
  ...given,
})

/** Returns a thing without the fields that the row would put in again. */
export const spare = (row: Readonly<Record<string, unknown>>, whole: object): object =>
  Object.fromEntries(
    Object.entries(whole).filter(
      ([field, value]) => !Object.hasOwn(row, field) || canonical(value) !== canonical(row[field]),
    ),
  )

/** Returns a thing with one field under another name, at its place, so that `git diff` shows no move. */
export const renamed = <Thing extends object, From extends keyof Thing & string, To extends string, Value>(
  thing: Thing,
  from: From,
  to: To,
  value: Value,
) =>
  Object.fromEntries(
    Object.entries(thing).map(([field, known]) => (field === from ? [to, value] : [field, known])),
  ) as Omit<Thing, From> & { readonly [Key in To]: Value }
