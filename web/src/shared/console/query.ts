// SPDX-License-Identifier: Apache-2.0

import { computed, type WritableComputedRef } from 'vue'
import { type LocationQuery, useRoute, useRouter } from 'vue-router'

/** Filters are text, a list of text, or a switch; what equals the default stays out of the address. */
export type Filters = Record<string, string | string[] | boolean>

/** Reads filters from an address; what the address does not name, or names wrongly, is the default. */
export function fromQuery<F extends Filters>(query: LocationQuery, defaults: F): F {
  const read = Object.entries(defaults).map(([name, usual]) => [name, fromText(query[name], usual)])
  return Object.fromEntries(read) as F
}

function fromText(given: LocationQuery[string] | undefined, usual: Filters[string]): Filters[string] {
  const text = Array.isArray(given) ? given[given.length - 1] : given
  if (typeof text !== 'string') return usual
  if (typeof usual === 'boolean') return text === '1'
  return Array.isArray(usual) ? text.split(',').filter(Boolean) : text
}

/** Writes filters for an address, without those that are at their default. */
export function toQuery<F extends Filters>(filters: F, defaults: F): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of Object.entries(filters)) {
    const text = asText(value)
    if (text !== asText(defaults[name] ?? '')) query[name] = text
  }
  return query
}

function asText(value: Filters[string]): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return Array.isArray(value) ? value.join(',') : value
}

/** Filters that live in the address: a reload, a link to a colleague and the back button keep them. */
export function useFilters<F extends Filters>(defaults: F): {
  filters: WritableComputedRef<F>
  change: (part: Partial<F>) => void
} {
  const route = useRoute()
  const router = useRouter()
  const filters = computed<F>({
    get: () => fromQuery(route.query, defaults),
    set: (next) => void router.replace({ query: toQuery(next, defaults) }),
  })
  return {
    filters,
    change(part) {
      filters.value = { ...filters.value, ...part }
    },
  }
}

/** Filters as the API takes them: no empty ones, lists joined by commas. */
export function toParams(filters: Filters): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [name, value] of Object.entries(filters)) {
    if (value === '' || value === false || (Array.isArray(value) && value.length === 0)) continue
    params[name] = typeof value === 'boolean' ? 'true' : asText(value)
  }
  return params
}
