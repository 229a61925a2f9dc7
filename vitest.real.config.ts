import config from './vitest.config.ts'

/**
 * The tests that stand on real servers: sshd, haproxy and what else `test/real/bed` starts. They go by real clocks, and a
 * shared machine may stand still for seconds: there what fails is tried once more, and the closing lines name it.
 */
export default {
  ...config,
  test: {
    ...config.test,
    include: ['test/real/**/*.test.ts'],
    exclude: [],
    retry: process.env.CI === 'true' ? 1 : 0,
  },
}
