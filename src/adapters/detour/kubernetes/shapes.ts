import * as z from 'zod/mini'

/** The fields that a door reads of the objects of Kubernetes. */

const strings = z.optional(z.record(z.string(), z.string()))

export const serviceObject = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z.object({ selector: strings }),
})
export type ServiceObject = z.infer<typeof serviceObject>

/** Endpoints and their list are null where there are none. */
export const endpointSlices = z.object({
  items: z.array(
    z.object({
      endpoints: z.nullish(
        z.array(
          z.object({
            conditions: z.optional(z.object({ ready: z.nullish(z.boolean()) })),
            targetRef: z.optional(z.object({ kind: z.optional(z.string()), name: z.optional(z.string()) })),
          }),
        ),
      ),
    }),
  ),
})

export const sidePods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: strings, deletionTimestamp: z.optional(z.string()) }),
      status: z.object({
        conditions: z.optional(z.array(z.object({ type: z.string(), status: z.string() }))),
      }),
    }),
  ),
})
