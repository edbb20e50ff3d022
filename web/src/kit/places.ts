// SPDX-License-Identifier: Apache-2.0

/** One step on the way down to a place: "cn/99/9901/" and its name. */
export interface PlaceStep {
  path: string
  name: string
}

/** The way down to a chosen place, from the province; the last step is the place. */
export type Trail = readonly PlaceStep[]

/** Path of the nation, above all places. */
export const nation = 'cn/'

/** How many steps a choice needs at least: a county lies three below the nation. */
export const countyDepth = 3

/** "示范省 示范市 示范县 城关镇" */
export function trailName(trail: Trail): string {
  return trail.map((step) => step.name).join(' ')
}

/** How many steps path lies below the nation. */
export function depthOf(path: string): number {
  return path.split('/').length - 2
}

/** Reads a trail that was kept as text; anything else gives undefined. */
export function readTrail(text: string | undefined): Trail | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return Array.isArray(value) && value.length > 0 && value.every(isStep) ? value : undefined
  } catch {
    return undefined
  }
}

function isStep(value: unknown): value is PlaceStep {
  const step = value as Partial<PlaceStep> | null
  return typeof step?.path === 'string' && typeof step.name === 'string'
}
