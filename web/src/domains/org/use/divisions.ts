// SPDX-License-Identifier: Apache-2.0

import { api, ok, type Answer } from '@/shared/api'

export interface Below {
  path: string
  name: string
}

type Region = NonNullable<Answer<'/api/v1/public/regions', 'get'>['items']>[number]

/** Path of the nation, above all divisions. */
const nation = 'cn/'

const known = new Map<string, readonly Below[]>()

/**
 * The divisions directly below a place, in the order of their codes. Rungs that only
 * keep the depth right (市辖区 of a municipality) are skipped: what lies below them
 * comes instead. Asked for once per visit.
 */
export async function divisionsBelow(path: string): Promise<readonly Below[]> {
  const before = known.get(path)
  if (before) return before
  const regions = await allBelow(path)
  const below = await Promise.all(regions.map(async (r) => (r.pseudo ? divisionsBelow(r.path) : [{ path: r.path, name: r.name }])))
  known.set(path, below.flat())
  return below.flat()
}

/** The way from the province down to path, or as far down as divisions are known. */
export async function wayTo(path: string): Promise<readonly Below[]> {
  const way: Below[] = []
  for (let at = nation; at !== path; ) {
    const next = (await divisionsBelow(at)).find((below) => path.startsWith(below.path))
    if (!next) break
    way.push(next)
    at = next.path
  }
  return way
}

/** The way to the place that this installation serves. */
export async function wayHome(): Promise<readonly Below[]> {
  const { place } = await ok(api.GET('/api/v1/public/home'))
  return wayTo(place)
}

async function allBelow(parent: string): Promise<Region[]> {
  const regions: Region[] = []
  let cursor: string | undefined
  do {
    const page = await ok(api.GET('/api/v1/public/regions', { params: { query: { parent, limit: 200, cursor } } }))
    regions.push(...(page.items ?? []))
    cursor = page.next || undefined
  } while (cursor)
  return regions
}
