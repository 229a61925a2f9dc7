import * as z from 'zod/mini'
import { file } from '../src/inputs/config/schema/file.ts'
import { vocabulary } from '../src/inputs/config/schema/vocabulary.ts'

/** The text of rollgate.schema.json, by which editors complete and check a config. */
export function schemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(file, {
    target: 'draft-2020-12',
    io: 'input',
    metadata: vocabulary,
    override: ({ jsonSchema }) => {
      // Editors show the description, so `words` is left out. No number in a config needs the bounds of a double.
      delete jsonSchema.words
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  const heading = {
    $schema,
    $id: 'urn:rollgate:config:1',
    title: 'Rollgate config',
    description:
      'The content of .github/rollgate.yml: the approvals, the steps around a rollout, and the services.',
  }
  return `${JSON.stringify({ ...heading, ...schema }, null, 2)}\n`
}
