import type { Comparison, TestBed } from '../config/service.ts'
import { filled, type Sparse, spare } from '../sparse.ts'

/** 0.1.0 judges one reading, at once, and goes on. */
const testBedRow = { warmUp: 0, on: 'clock', onSuccess: 'go-on' } satisfies Partial<TestBed>
const compareRow = { readings: 5, watchedOnly: 'none' } satisfies Partial<Comparison>

type SparseComparison = Sparse<Comparison, keyof typeof compareRow>

/** A test bed as plans hold it since 0.1.0. */
export type SparseTestBed = Omit<Sparse<TestBed, keyof typeof testBedRow>, 'compare'> & {
  readonly compare: SparseComparison | null
}

/** Reads a test bed from the plan of any version. */
export const testBedFrom = ({ compare, ...written }: SparseTestBed): TestBed => ({
  ...filled(testBedRow, written),
  compare: compare === null ? null : filled(compareRow, compare),
})

export const writtenTestBed = ({ compare, ...testBed }: TestBed): object => ({
  ...spare(testBedRow, testBed),
  compare: compare === null ? null : spare(compareRow, compare),
})
