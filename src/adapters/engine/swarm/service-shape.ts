import * as z from 'zod/mini'

const updateConfig = z.object({
  Parallelism: z.optional(z.number()),
  Monitor: z.optional(z.number()),
  FailureAction: z.optional(z.string()),
  MaxFailureRatio: z.optional(z.number()),
  Order: z.optional(z.string()),
})

const template = z.looseObject({
  ContainerSpec: z.looseObject({ Image: z.string() }),
  ForceUpdate: z.optional(z.number()),
})

const service = z.object({
  Spec: z.object({
    Name: z.string(),
    Labels: z.nullish(z.record(z.string(), z.string())),
    TaskTemplate: template,
    Mode: z.object({
      Replicated: z.optional(z.object({ Replicas: z.optional(z.number()) })),
      Global: z.optional(z.object({})),
    }),
    UpdateConfig: z.optional(updateConfig),
  }),
  UpdateStatus: z.nullish(z.object({ State: z.optional(z.string()), StartedAt: z.optional(z.string()) })),
})

/** The answer of `docker service inspect` for one service. */
export const serviceShape = z.tuple([service])

/** A service as the swarm has it. */
export type SwarmService = z.infer<typeof service>

export type SwarmTemplate = z.infer<typeof template>

export type SwarmUpdateConfig = z.infer<typeof updateConfig>

const task = z.object({
  ID: z.string(),
  CreatedAt: z.string(),
  Slot: z.optional(z.number()),
  NodeID: z.optional(z.string()),
  DesiredState: z.string(),
  Spec: z.object({
    ContainerSpec: z.object({ Image: z.string() }),
    ForceUpdate: z.optional(z.number()),
  }),
  Status: z.object({
    State: z.string(),
    Message: z.optional(z.string()),
    Err: z.optional(z.string()),
    ContainerStatus: z.nullish(
      z.object({ ContainerID: z.optional(z.string()), ExitCode: z.optional(z.number()) }),
    ),
  }),
})

/** The answer of `docker inspect --type task`. */
export const tasksShape = z.array(task)

/** One task of a service: a replica, or one that ended in its place. */
export type SwarmTask = z.infer<typeof task>
