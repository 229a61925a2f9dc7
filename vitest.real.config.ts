import config, { retry } from './vitest.config.ts'

/** The tests that stand on real servers: sshd, haproxy and what else `test/real/bed` starts. */
export default {
  ...config,
  test: { ...config.test, projects: undefined, include: ['test/real/**/*.test.ts'], retry },
}
