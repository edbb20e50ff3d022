// SPDX-License-Identifier: Apache-2.0

import { toParams } from '@/shared/console/query'

/** The filters of the list of hazards, as they stand in its address. The …_name fields only show what was chosen. */
export const usualFilters = {
  q: '',
  status: [] as string[],
  open: true,
  overdue: false,
  grade: '',
  source: '',
  line: '',
  place: '',
  place_name: '',
  unit: '',
  unit_name: '',
  campaign: '',
  from: '',
  to: '',
}
export type HazardFilters = typeof usualFilters

const sent = ['q', 'status', 'overdue', 'grade', 'source', 'line', 'unit', 'campaign', 'from', 'to'] as const

/**
 * The filters as the API takes them. A status that was chosen says more than "open", so it stands
 * alone; the region of the top bar holds unless the list has one of its own. Who may only report sees
 * what they reported.
 */
export function asParams(filters: HazardFilters, scopePath: string, onlyMine = false): Record<string, string> {
  const chosen = Object.fromEntries(sent.map((name) => [name, filters[name]]))
  return toParams({ ...chosen, place: filters.place || scopePath, open: filters.open && filters.status.length === 0, mine: onlyMine })
}
