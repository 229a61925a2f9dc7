import { paged } from '../paging.ts'
import { type Call, notFound, numberParam, ok } from '../reply.ts'
import type { Site } from '../site.ts'

/** A ruleset for tags. Patterns are of whole refs: `refs/tags/v*`, or `~ALL`. */
export interface TagRuleset {
  readonly name: string
  readonly enforcement: 'active' | 'evaluate' | 'disabled'
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly rules: readonly ('creation' | 'update' | 'deletion')[]
}

export function rulesetAnswers({ repository }: Site, all: readonly TagRuleset[]) {
  const brief = (ruleset: TagRuleset) => ({
    id: all.indexOf(ruleset) + 1,
    name: ruleset.name,
    target: 'tag',
    source_type: 'Repository',
    source: repository.fullName,
    enforcement: ruleset.enforcement,
  })
  return {
    'repos/get-repo-rulesets': (call: Call) => paged(call, all, (items) => items.map(brief)),
    'repos/get-repo-ruleset': (call: Call) => {
      const ruleset = all[numberParam(call, 'ruleset_id') - 1]
      if (ruleset === undefined) throw notFound()
      const { include, exclude, rules } = ruleset
      return ok({
        ...brief(ruleset),
        conditions: { ref_name: { include, exclude } },
        rules: rules.map((type) => ({ type })),
      })
    },
  }
}
