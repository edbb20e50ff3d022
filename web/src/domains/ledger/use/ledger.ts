// SPDX-License-Identifier: Apache-2.0

import { get, type Page, type Params } from '@/shared/console/http'

/** One thing that happened. It is never changed or removed. */
export interface Entry {
  id: string
  kind: string
  campaign: string
  place: string
  place_name: string
  unit: string
  unit_name: string
  /** Id of the person; "" for the public and for the system itself. */
  actor: string
  actor_name: string
  channel: string
  subject: string
  happened: string
  recorded: string
  /** Unit to number. */
  quantities: Record<string, number> | null
  facts: Record<string, unknown> | null
  /** Id of the entry that this one corrects. */
  corrects: string
  /** Reported by hand, of something done outside the system. */
  declared: boolean
}

export const entries = (params: Params, signal?: AbortSignal): Promise<Page<Entry>> => get('/ledger', params, signal)
export const entry = (id: string): Promise<Entry> => get(`/ledger/${id}`)

const pages: Record<string, string> = { hazard: '/hazards', unit: '/units', person: '/people', campaign: '/campaigns' }

/** The page of what an entry is about; undefined when it has none. */
export function pageOf(subject: string): string | undefined {
  const [kind, id] = subject.split(':')
  return kind && id && pages[kind] ? `${pages[kind]}/${id}` : undefined
}
