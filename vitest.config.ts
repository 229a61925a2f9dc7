import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** These packages import JSON without an import attribute, which Node refuses and Vite accepts. */
const githubsParser = /@actions\/(?:workflow-parser|expressions)/

/** These tests start processes and use real clocks. */
const onProcesses = 'test/{adapters,conversations,entry,sandbox}/**/*.test.ts'

/**
 * A shared machine may stand still for seconds. There a test that stands on processes is tried once more if it fails, and
 * the closing lines name it. Tests of pure code never get a second try: a property would draw other examples.
 */
export const retry = process.env.CI === 'true' ? 1 : 0

export default defineConfig({
  plugins: [
    {
      // These packages also name source maps that they do not ship; Vite would warn once a file.
      name: 'without-missing-source-maps',
      load: (id) =>
        githubsParser.test(id) && id.endsWith('.js')
          ? readFileSync(id, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
          : null,
    },
  ],
  test: {
    projects: [
      // These have configs of their own: they need servers, engines, and hours when complete.
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: [onProcesses, 'test/real/**', 'test/engines/**', 'test/matrix/**'],
          // A worker loads a module once and keeps it: loading took more than half of the time. No module of pure code keeps
          // state. `npm test -- --isolate --project pure` gives every file a worker of its own.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'processes', include: [onProcesses], retry } },
    ],
    // Tests start processes of their own; two files at a time is what two cores bear.
    pool: 'forks',
    maxWorkers: 2,
    // For machines that have other work: what goes well does not wait.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/closing-line.ts'],
    server: { deps: { inline: [githubsParser] } },
  },
})
