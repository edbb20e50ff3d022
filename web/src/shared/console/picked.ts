// SPDX-License-Identifier: Apache-2.0

import { computed, shallowRef, type ComputedRef } from 'vue'

/** The most rows that one act takes. */
export const mostPicked = 1000

export interface Picked {
  /** Ids of the rows that are picked, in the order of the list; rows that left the list are not picked any more. */
  ids: ComputedRef<string[]>
  /** Whether all of the list is picked, some of it, or nothing. */
  extent: ComputedRef<'all' | 'some' | 'none'>
  pick: (id: string, on: boolean) => void
  pickAll: (on: boolean) => void
}

/** Picks rows of a list for one act with all of them. */
export function usePicked(listed: () => readonly string[]): Picked {
  const marked = shallowRef<ReadonlySet<string>>(new Set())
  const ids = computed(() => listed().filter((id) => marked.value.has(id)).slice(0, mostPicked))
  const extent = computed(() => {
    if (ids.value.length === 0) return 'none'
    return ids.value.length === Math.min(listed().length, mostPicked) ? 'all' : 'some'
  })

  function pick(id: string, on: boolean): void {
    const next = new Set(ids.value)
    if (on) next.add(id)
    else next.delete(id)
    marked.value = next
  }
  const pickAll = (on: boolean): void => {
    marked.value = new Set(on ? listed().slice(0, mostPicked) : [])
  }

  return { ids, extent, pick, pickAll }
}
