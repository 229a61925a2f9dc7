import { hasBrought } from '../../plan/modes.ts'
import { filled, type Sparse, spare } from '../../sparse.ts'
import type { Past } from '../past.ts'

const pastRow = {
  migration: null,
  backup: null,
  restored: null,
  reset: false,
  compatibility: null,
  instanceCheck: null,
  overridden: [],
  artifacts: {},
  outputs: {},
  decisions: [],
  override: null,
  overrideRehearsed: null,
  overrideHalt: null,
  apart: false,
  unsafe: null,
  older: null,
  subject: [],
  confirmed: [],
  schedule: null,
} satisfies Partial<Past>

export type SparsePast = Sparse<Past, keyof typeof pastRow | 'migrationDone'>

/**
 * 0.1.0 knows none of `older`, `artifacts`, `reset` and `migrationDone`. Without the last one only the success of the whole is
 * proof of a migration.
 */
const rowOfPast = (past: SparsePast) => ({
  ...pastRow,
  migrationDone: past.migrated !== null && hasBrought(past),
})

/** Reads an ended deployment from the ledger of any version. */
export const pastFrom = (written: SparsePast): Past => filled(rowOfPast(written), written)

export const writtenPast = (past: Past): object => spare(rowOfPast(past), past)
