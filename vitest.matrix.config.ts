import config from './vitest.config.ts'

/** Every kill and every fault, each with every answer to it: hours when complete, minutes as a sample (test/matrix/sample.ts). */
export default {
  ...config,
  test: { ...config.test, projects: undefined, include: ['test/matrix/**/*.test.ts'] },
}
