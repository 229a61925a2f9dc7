import config from './vitest.config.ts'

/**
 * The tests that stand on real engines of containers, which test/engines starts in namespaces of their own. One after the
 * other: a cluster takes a gigabyte.
 */
export default {
  ...config,
  test: {
    ...config.test,
    projects: undefined,
    include: ['test/engines/**/*.test.ts'],
    // Those of Kubernetes stand for the contracts and the conversations of all, unless all is to be tried.
    exclude:
      process.env.ROLLGATE_ENGINES === 'all'
        ? []
        : ['test/engines/{swarm,ecs}/{contract,conversation}.test.ts'],
    maxWorkers: 1,
    // The first cluster on a machine is built before it starts.
    hookTimeout: 45 * 60_000,
    testTimeout: 180_000,
    // Engines decide by real clocks when they roll: one second try, which the closing lines name.
    retry: 1,
  },
}
