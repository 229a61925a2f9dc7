import type { RestEndpointMethodTypes } from '@octokit/rest'

export interface StatusRecord {
  readonly id: number
  readonly state: NewStatus['state']
  readonly description: string
  readonly environment: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly creator: string
  readonly createdAt: string
}

export interface CommentRecord {
  readonly id: number
  readonly body: string
  readonly author: string
  readonly createdAt: string
}

export type NewStatus = RestEndpointMethodTypes['repos']['createDeploymentStatus']['parameters']
