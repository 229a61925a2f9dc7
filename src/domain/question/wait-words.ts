import type { EnvironmentWait, Wait } from './pause.ts'

const watched = { wait: 'the test bed', bake: 'the whole environment' } as const

/** Names what is watched until a pause ends by itself. */
export const watchedBy = ({ kind }: Pick<Wait | EnvironmentWait, 'kind'>): string => watched[kind]
