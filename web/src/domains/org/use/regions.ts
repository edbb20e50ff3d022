// SPDX-License-Identifier: Apache-2.0

import { get, post } from '@/shared/console/http'

export interface Region {
  code: string
  name: string
  path: string
  level: string
  /** A division of the state, or a functional zone that reports like one. */
  kind: 'division' | 'zone'
  valid_from: string
  /** The last day; "" until further notice. */
  valid_to: string
  /** Codes of the regions that took its place. */
  successors: string[] | null
}

interface Listed {
  items: Region[] | null
}

/** A node of the region tree, as TreePick shows it. */
export interface RegionBranch {
  value: string
  label: string
  leaf: boolean
}

/** Regions directly below a path; "" gives the topmost that I may see. */
export const regionsBelow = async (parent: string): Promise<Region[]> =>
  (await get<Listed>('/regions', { parent })).items ?? []

export const findRegions = async (q: string): Promise<Region[]> => (await get<Listed>('/regions', { q })).items ?? []

export const addZone = (parent: string, name: string): Promise<Region> => post('/regions/zones', { parent, name })
export const endRegion = (code: string, last: string, successors: string[]): Promise<unknown> =>
  post(`/regions/${code}/end`, { valid_to: last, successors })

/** The children of a region for a lazy tree. */
export const regionBranches = async (parent: string): Promise<RegionBranch[]> => (await regionsBelow(parent)).map(branch)

/** The same before anybody has signed in. */
export const publicBranches = async (parent: string): Promise<RegionBranch[]> =>
  ((await get<Listed>('/public/regions', { parent })).items ?? []).map(branch)

function branch(region: Region): RegionBranch {
  return { value: region.path, label: region.name, leaf: region.level === 'village' }
}

/** The code at the end of a path: "990101" of "cn/99/9901/990101/". */
export function codeOf(path: string): string {
  return path.replace(/\/$/, '').split('/').pop() ?? ''
}
