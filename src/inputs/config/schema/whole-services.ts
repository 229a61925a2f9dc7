import * as z from 'zod/mini'
import { engine } from './engine.ts'
import { name } from './names.ts'
import { serviceRules } from './rules/service-rules.ts'
import { engineWords, service, servicesWords } from './services.ts'
import { named } from './shapes.ts'
import { key, vocabulary } from './vocabulary.ts'

const whole = z
  .extend(service, { engine: key(engine, engineWords) })
  .check(...serviceRules)
  .register(vocabulary, { id: 'whole-service', words: 'a mapping of settings of a service' })

/** Services once an environment was laid over them: only now the rules about several keys can be judged. */
export const wholeServices = named(servicesWords, name, whole)

export type WholeServiceValue = z.output<typeof whole>
