import { modes } from '../plan/modes.ts'
import type { Notice, NoticeFacts } from './notice.ts'
import type { NoticePoint } from './notice-rule.ts'

/** The version of CDEvents whose types and schemas the events follow. */
const cdevents = '0.5.1'

interface EventType {
  readonly type: string
  content(facts: NoticeFacts, source: string): object
}

const run = ({ app, environment, run: uri }: NoticeFacts): object => ({
  pipelineName: `${app}/${environment}`,
  ...(URL.canParse(uri) ? { uri } : {}),
})

const service = (facts: NoticeFacts, source: string): object => ({
  environment: { id: facts.environment },
  artifactId: artifactOf(facts, source),
})

const finished = (outcome: 'success' | 'failure' | 'cancel', withErrors: boolean): EventType => ({
  type: 'dev.cdevents.pipelinerun.finished.0.3.0',
  content: (facts) => ({
    ...run(facts),
    outcome,
    ...(withErrors && facts.reason !== '' ? { errors: facts.reason } : {}),
  }),
})

/** CDEvents has no word for these; a namespace for such types is part of it. */
const ownType = (point: 'waiting' | 'halted' | 'detour-opened' | 'detour-closed'): EventType => ({
  type: `dev.cdeventsx.rollgate-deployment.${point}.0.1.0`,
  content: ({ pause, reason, title }) => ({ pause, reason, title }),
})

const ofService = (verb: 'deployed' | 'upgraded' | 'rolledback'): EventType => ({
  type: `dev.cdevents.service.${verb}.0.3.0`,
  content: service,
})

/** The type of each moment. A deployment that brings no release, like a restart, is told as a pipeline's run. */
const types: { readonly [P in NoticePoint]: (facts: NoticeFacts) => EventType } = {
  started: () => ({ type: 'dev.cdevents.pipelinerun.started.0.3.0', content: run }),
  waiting: () => ownType('waiting'),
  halted: () => ownType('halted'),
  succeeded: ({ mode, previous }) => {
    if (!modes[mode].bringsRelease) return finished('success', false)
    if (modes[mode].goesBack) return ofService('rolledback')
    return ofService(previous === null ? 'deployed' : 'upgraded')
  },
  failed: ({ outcome }) => finished(outcome === 'failed' ? 'failure' : 'cancel', true),
  'rolled-back': () => ofService('rolledback'),
  'detour-opened': () => ownType('detour-opened'),
  'detour-closed': () => ownType('detour-closed'),
}

/**
 * A notice as a CloudEvent 1.0 in structured mode, whose data is a CDEvent. Its id stays the same in every try, so that a
 * receiver can drop what it has.
 */
export function cloudEventOf({ id, point, at, facts }: Notice): object {
  const source = sourceOf(facts)
  const { type, content } = types[point](facts)
  const subject = { id: `${facts.app}/${facts.environment}`, source, content: content(facts, source) }
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject: subject.id,
    time: at,
    datacontenttype: 'application/json',
    data: {
      context: { specversion: cdevents, id, source, type, timestamp: at },
      subject,
      customData: facts,
      customDataContentType: 'application/json',
    },
  }
}

/** The repository of the run, which every address of a run begins with. */
function sourceOf({ app, run: url }: NoticeFacts): string {
  const [repository] = /^https?:\/\/[^/]+\/[^/]+\/[^/]+(?=\/actions\/runs\/)/.exec(url) ?? []
  return repository ?? `/${encodeURIComponent(app)}`
}

/** The package URL of the commit that serves after the event: of the older release where the environment went back. */
function artifactOf(facts: NoticeFacts, source: string): string {
  const back = facts.outcome === 'rolled-back' ? facts.previous : null
  const { tag, sha } = back ?? facts.release
  const [, owner, name] = /\/([^/]+)\/([^/]+)$/.exec(source) ?? []
  return owner !== undefined && name !== undefined
    ? `pkg:github/${owner.toLowerCase()}/${name.toLowerCase()}@${sha}`
    : `pkg:generic/${encodeURIComponent(facts.app)}@${encodeURIComponent(tag)}`
}
