import { flag, type InputDefinition } from './input-definition.ts'

/** The inputs of the command that makes a release. */
export const releaseInputs = {
  tag: {
    description: 'The tag of the new release, like `v1.2.0`.',
    required: true,
    of: ['release'],
  },
  description: {
    description:
      'The purpose of the release; the text stands before the generated notes. With a description the tag is annotated.',
    of: ['release'],
  },
  commit: {
    description:
      'The commit to release or to block: a full SHA, or the name of a branch. A block of a commit hits every release that has it. Default for a release: the newest commit of the default branch; with `from`, the commit of the candidate.',
    of: ['release', 'block'],
  },
  artifacts: {
    description:
      'The files of the release: one pattern a line, relative to `working-directory`. They are attached to the GitHub Release, and the manifest has their digests.',
    of: ['release'],
  },
  outputs: {
    description:
      'The outputs of the build, `NAME=value` a line, like digests of images. They stand in the manifest, and commands see them.',
    of: ['release'],
  },
  from: {
    description:
      'The tag of a candidate to make final. The release gets the commit and the artifacts of the candidate; nothing is built.',
    of: ['release'],
  },
  prerelease: flag('Make a candidate: a prerelease, which a production refuses.', ['release']),
  'require-checks': {
    description: 'Refuse a commit unless all its checks and statuses are green.',
    default: 'true',
    of: ['release'],
  },
  checks: {
    description:
      'The names of the required checks, one a line; `*` stands for any letters. Default: all checks of the commit. Fails if a name matches no check.',
    of: ['release'],
  },
  'deploy-after': {
    description:
      'The environment to deploy the release to next. It is checked before anything is created, and becomes the output `deploy-to`.',
    of: ['release'],
  },
} as const satisfies Record<string, InputDefinition>
