/** A CronJob that hardly ever starts a job by itself. */
export interface CronJobWanted {
  readonly namespace: string
  readonly name: string
  readonly image: string
  readonly suspend: boolean
  /** The time that its jobs take, like `8s`. */
  readonly lasts: string
}

export const cronJobOf = ({ namespace, name, image, suspend, lasts }: CronJobWanted): object => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace },
  spec: {
    schedule: '0 3 1 1 *',
    suspend,
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'task', image, args: ['work', lasts] }],
          },
        },
      },
    },
  },
})
