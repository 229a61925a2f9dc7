import * as z from 'zod/mini'

/** A time as a version of the aws CLI prints it: seconds since the epoch, or ISO 8601. */
const time = z.union([z.number(), z.string()])

const deployment = z.object({
  id: z.string(),
  status: z.string(),
  taskDefinition: z.string(),
  desiredCount: z.number(),
  failedTasks: z.optional(z.number()),
  createdAt: time,
  rolloutState: z.optional(z.string()),
  rolloutStateReason: z.optional(z.string()),
})

const service = z.object({
  serviceName: z.string(),
  status: z.string(),
  taskDefinition: z.string(),
  desiredCount: z.number(),
  deployments: z.array(deployment),
  events: z.optional(z.array(z.object({ createdAt: time, message: z.string() }))),
  deploymentController: z.optional(z.object({ type: z.optional(z.string()) })),
  deploymentConfiguration: z.optional(
    z.object({
      minimumHealthyPercent: z.optional(z.nullable(z.number())),
      maximumPercent: z.optional(z.nullable(z.number())),
      deploymentCircuitBreaker: z.optional(z.object({ enable: z.boolean(), rollback: z.boolean() })),
    }),
  ),
  schedulingStrategy: z.optional(z.string()),
  launchType: z.optional(z.string()),
  platformVersion: z.optional(z.string()),
  networkConfiguration: z.optional(z.unknown()),
  capacityProviderStrategy: z.optional(z.array(z.unknown())),
})

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  essential: z.optional(z.boolean()),
  healthCheck: z.optional(z.unknown()),
})

const taskDefinition = z.looseObject({
  family: z.string(),
  containerDefinitions: z.array(container),
})

const task = z.object({
  taskArn: z.string(),
  taskDefinitionArn: z.string(),
  startedBy: z.optional(z.string()),
  desiredStatus: z.optional(z.string()),
  lastStatus: z.string(),
  healthStatus: z.optional(z.string()),
  stopCode: z.optional(z.string()),
  stoppedReason: z.optional(z.string()),
  createdAt: z.optional(time),
  containers: z.optional(
    z.array(
      z.object({
        name: z.optional(z.string()),
        image: z.optional(z.string()),
        imageDigest: z.optional(z.string()),
        exitCode: z.optional(z.number()),
        reason: z.optional(z.string()),
      }),
    ),
  ),
})

const failures = z.optional(
  z.array(z.object({ arn: z.optional(z.string()), reason: z.optional(z.string()) })),
)

export const servicesShape = z.object({ services: z.array(service), failures })
export const updatedShape = z.object({ service })
export const definitionShape = z.object({
  taskDefinition: z.extend(taskDefinition, { taskDefinitionArn: z.string() }),
  tags: z.optional(z.array(z.unknown())),
})
export const definitionFileShape = taskDefinition
export const taskListShape = z.object({ taskArns: z.array(z.string()) })
export const tasksShape = z.object({ tasks: z.array(task), failures })

export type EcsService = z.infer<typeof service>
export type EcsDeployment = z.infer<typeof deployment>
export type EcsDefinition = z.infer<typeof taskDefinition>
export type EcsContainer = z.infer<typeof container>
export type EcsTask = z.infer<typeof task>

/** Returns a time of the aws CLI in milliseconds. */
export const moment = (written: number | string | undefined): number =>
  typeof written === 'number' ? written * 1000 : Date.parse(written ?? '')
