import type { FileDraft } from './draft.ts'

/** A path of the repository, as it is on the disk. */
export type OnDisk =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly text: string }
  /** A link, a folder, a special file, or something behind a link: nothing is written there. */
  | { readonly kind: 'other'; readonly words: string }

/** A draft, and what is to happen with it. */
export type DraftStanding =
  | { readonly kind: 'new'; readonly file: FileDraft }
  | { readonly kind: 'same'; readonly file: FileDraft }
  /** Another file is there, and stays. */
  | { readonly kind: 'stays'; readonly file: FileDraft }
  | { readonly kind: 'blocked'; readonly file: FileDraft; readonly words: string }

/** Compares drafts with the disk. Line ends do not count: git may have changed them. */
export const standings = (
  files: readonly FileDraft[],
  look: (path: string) => OnDisk,
): readonly DraftStanding[] => files.map((file) => standingOf(file, look(file.path)))

function standingOf(file: FileDraft, there: OnDisk): DraftStanding {
  switch (there.kind) {
    case 'absent':
      return { kind: 'new', file }
    case 'file':
      return { kind: sameText(there.text, file.text) ? 'same' : 'stays', file }
    case 'other':
      return { kind: 'blocked', file, words: there.words }
  }
}

export const sameText = (one: string, other: string): boolean =>
  one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n')
