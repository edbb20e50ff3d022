// SPDX-License-Identifier: Apache-2.0

import { api, ok } from '@/shared/api'

export interface Below {
  path: string
  name: string
}

const known = new Map<string, readonly Below[]>()

/** The divisions directly below a place, in the order of their codes. Asked for once per visit. */
export async function divisionsBelow(path: string): Promise<readonly Below[]> {
  const before = known.get(path)
  if (before) return before
  const { items } = await ok(api.GET('/api/v1/public/regions', { params: { query: { parent: path } } }))
  const below = (items ?? []).map(({ path, name }) => ({ path, name }))
  known.set(path, below)
  return below
}
