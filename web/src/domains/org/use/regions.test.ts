// SPDX-License-Identifier: Apache-2.0

import { expect, it, vi } from 'vitest'
import { publicBranches, regionBranches } from './regions'

const town = 'cn/99/9901/990101/990101001/'
const villages = Array.from({ length: 450 }, (_, i) => ({ code: `${i}`, name: `村${i}`, path: `${town}${i}/`, level: 'village' }))

function serve(): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(async (address: string) => {
    const asked = new URL(address, 'http://h').searchParams
    const from = Number(asked.get('cursor') ?? 0)
    const to = from + Number(asked.get('limit'))
    const body = { items: villages.slice(from, to), next: to < villages.length ? `${to}` : '' }
    return new Response(JSON.stringify(body))
  })
  vi.stubGlobal('fetch', fetched)
  return fetched
}

it.each([regionBranches, publicBranches])('a tree shows all that lies below, however many answers it takes', async (branches) => {
  const fetched = serve()
  const shown = await branches(town)
  expect(shown.map((one) => one.label)).toEqual(villages.map((one) => one.name))
  expect(fetched).toHaveBeenCalledTimes(3)
})
