import * as z from 'zod/mini'
import { inPart } from '../in-part.ts'
import { expected, flag, mapping, oneOf, text } from '../shapes.ts'
import { duration, wholeNumber } from '../values.ts'
import { byDefault, key, required, vocabulary } from '../vocabulary.ts'
import { image } from './images.ts'

const serviceName = text('the name of a service', /^[A-Za-z0-9][\w.-]{0,62}$/)
const hostName = text('a context of the Docker CLI, or an address like `ssh://deploy@manager`', /^[^\s-]\S*$/)
const word = text('an option of `docker service create`')

const optionsWords = 'a list of options of `docker service create`'
const options = z.array(word, { error: expected(optionsWords) }).register(vocabulary, { words: optionsWords })

const words = 'a mapping with `service` and `image`'

const keys = {
  service: required(serviceName, 'The name of the service in the swarm.'),
  image: required(
    image,
    'The image, by digest; `$NAME` is an output of the build, a variable of the environment or one of the job.',
  ),
  host: key(
    hostName,
    'The context or the host of the Docker CLI, a manager of the swarm. Default: its own setting.',
  ),
  create: key(
    options,
    'The options of `docker service create`, one a word, for a service that is not there yet. Default: such a service is refused.',
  ),
  'registry-auth': byDefault(flag(), false, 'Hands the login of the job to the registry over to the swarm.'),
  order: key(
    oneOf(['start-first', 'stop-first']),
    'Starts a new replica before it stops the old one, or the other way round. Default: the setting of the service.',
  ),
  parallelism: key(
    wholeNumber(0),
    'The replicas that change at once, 0 for all. Default: the setting of the service.',
  ),
  monitor: key(
    duration,
    'The time after the start of a replica in which its end stops the rollout. Default: the setting of the service.',
  ),
}

/** A service of a Docker swarm. */
export const swarmEngine = mapping(words, keys)
export const swarmEnginePart = inPart(words, keys)

export type SwarmEngineValue = z.output<typeof swarmEngine>
