import { name } from './names.ts'
import { serviceRules } from './rules/service-rules.ts'
import { service, servicesWords } from './services.ts'
import { named } from './shapes.ts'

/** Services once an environment was laid over them: only now the rules about several keys can be judged. */
export const wholeServices = named(servicesWords, name, service.check(...serviceRules))
