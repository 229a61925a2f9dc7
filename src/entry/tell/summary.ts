import { appendFileSync } from 'node:fs'
import { masker, voice } from '../run/wire.ts'

/** Adds to the page of the job. A page that cannot be written must not stop a deployment. */
export function addSummary(markdown: string): void {
  const file = process.env.GITHUB_STEP_SUMMARY
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, `${masker.mask(markdown)}\n`)
  } catch (failure) {
    voice.line(`The job summary could not be written: ${String(failure)}`)
  }
}
