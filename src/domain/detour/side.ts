/** A side of a detour. Which side serves, and which one is changed, are facts about sides and not their names. */
export type DetourSide = 'home' | 'stand-in'

export const sides: readonly DetourSide[] = ['home', 'stand-in']

export const otherSide = (side: DetourSide): DetourSide => (side === 'home' ? 'stand-in' : 'home')

/** A fact about each side. */
export type BySide<T> = Readonly<Record<DetourSide, T>>
