import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** They import JSON without saying so, which Node refuses and Vite does not mind. */
const githubsParser = /@actions\/(?:workflow-parser|expressions)/

export default defineConfig({
  plugins: [
    {
      // They also name source maps that they do not ship; Vite would say so once a file.
      name: 'without-missing-source-maps',
      load: (id) =>
        githubsParser.test(id) && id.endsWith('.js')
          ? readFileSync(id, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
          : null,
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    // Both have a config of their own: the one needs servers beside the project, the other takes hours when complete.
    exclude: ['test/real/**', 'test/matrix/**'],
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
