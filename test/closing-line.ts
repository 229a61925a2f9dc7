import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the output with the failed tests by name, and one plain line: `N passed, N failed`, with skipped ones
 * if there were any. A failed hook counts as well: vitest calls the tests behind a `beforeAll` that throws skipped.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const states = tests.map((test) => test.result().state)
    const count = (wanted: string) => states.filter((state) => state === wanted).length
    // A file that cannot be loaded has no tests to count, and an error outside any test fails the run as well.
    const suites = modules.flatMap((module) => [...module.children.allSuites()])
    const hooked = suites.filter((suite) => suite.errors().length > 0)
    const files = modules.filter((module) => module.errors().length > 0)
    const broken = files.length + hooked.length + unhandled.length
    for (const suite of hooked) console.log(`failed: ${suite.fullName}: ${suite.errors()[0]?.message ?? ''}`)
    for (const file of files)
      console.log(`failed: ${file.relativeModuleId}: ${file.errors()[0]?.message ?? ''}`)
    for (const test of tests) {
      const { state, errors } = test.result()
      if (state === 'failed') console.log(`failed: ${test.fullName}: ${errors?.[0]?.message ?? ''}`)
      else if ((test.diagnostic()?.retryCount ?? 0) > 0) console.log(`at the second try: ${test.fullName}`)
    }
    const skipped = count('skipped') + count('pending')
    const line = `${count('passed')} passed, ${count('failed') + broken} failed`
    console.log(skipped === 0 ? line : `${line}, ${skipped} skipped`)
  }
}
