// SPDX-License-Identifier: Apache-2.0

/** Levels of the division tree, from the top. */
export const levels = ['nation', 'province', 'prefecture', 'county', 'town', 'village'] as const
export type Level = (typeof levels)[number]

/** The level by its name; an unknown one stands as a village, the lowest. */
export function levelKey(level: string): Level {
  return levels.find((known) => known === level) ?? 'village'
}
