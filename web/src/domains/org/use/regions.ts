// SPDX-License-Identifier: Apache-2.0

import { get, post } from '@/shared/console/http'
import { myPlaces } from '@/shared/console/live'

export interface Region {
  code: string
  name: string
  path: string
  level: string
  /** A division of the state, or a functional zone that reports like one. */
  kind: 'division' | 'zone'
  /** Only in answers about one region and in searches: from the province down. */
  full_name?: string
  /** A rung that only keeps the depth of the tree right. */
  pseudo?: boolean
  valid_from?: string
  /** The last day; absent while it stands. */
  valid_to?: string
  /** Codes of the regions that took its place. */
  successors?: string[]
}

interface Listed {
  items: Region[] | null
  next?: string
}

/** A node of the region tree, as TreePick shows it. */
export interface RegionBranch {
  value: string
  label: string
  leaf: boolean
}

const nation = 'cn/'
const most = 200 // that one answer holds

/** Regions directly below a path; "" gives the topmost that are mine by any role, or else the provinces. */
export async function regionsBelow(parent: string): Promise<Region[]> {
  const mine = parent === '' ? myPlaces().filter((path) => path !== nation) : []
  if (mine.length) return Promise.all(mine.map((path) => get<Region>(`/public/regions/${codeOf(path)}`)))
  return allOf('/regions', parent)
}

/** Reads page after page: a tree that ends after the first would hide the rest. */
async function allOf(address: string, parent: string): Promise<Region[]> {
  const regions: Region[] = []
  let cursor: string | undefined
  do {
    const page = await get<Listed>(address, { parent, cursor, limit: most })
    regions.push(...(page.items ?? []))
    cursor = page.next
  } while (cursor)
  return regions
}

export const findRegions = async (q: string): Promise<Region[]> => (await get<Listed>('/regions', { q })).items ?? []

export const addZone = (parent: string, name: string): Promise<Region> => post('/regions/zones', { parent, name })
export const endRegion = (code: string, last: string, successors: string[]): Promise<unknown> =>
  post(`/regions/${code}/end`, { valid_to: last, successors })

/** The children of a region for a lazy tree. */
export const regionBranches = async (parent: string): Promise<RegionBranch[]> => (await regionsBelow(parent)).map(branch)

/** The same before anybody has signed in. */
export const publicBranches = async (parent: string): Promise<RegionBranch[]> =>
  (await allOf('/public/regions', parent)).map(branch)

function branch(region: Region): RegionBranch {
  return { value: region.path, label: region.name, leaf: region.level === 'village' }
}

/** The code at the end of a path: "990101" of "cn/99/9901/990101/". */
export function codeOf(path: string): string {
  return path.replace(/\/$/, '').split('/').pop() ?? ''
}
