// SPDX-License-Identifier: Apache-2.0

import { get, post, type Page, type Params } from '@/shared/console/http'

export interface Standard {
  id: string
  title: string
  doc_no: string
  issuer: string
  /** Supervisory tags of the units that it is about; none: all. */
  lines: string[] | null
  /** "" when it is not known. */
  valid_from: string
  valid_to: string
  successor: string
  /** False: title or number still have to be checked against the original. */
  confirmed: boolean
  version: number
}

export interface Clause {
  standard: string
  no: string
  text: string
  keywords: string[] | null
  /** The text is a hint in our words, not the wording of the standard. */
  hint: boolean
}

export const standards = (params: Params, signal?: AbortSignal): Promise<Page<Standard>> => get('/standards', params, signal)
export const standard = (id: string): Promise<Standard & { clauses: Clause[] | null }> => get(`/standards/${id}`)

/** Adds a clause, or replaces the one with the same number. */
export const addClause = (standardId: string, clause: Pick<Clause, 'no' | 'text' | 'keywords'>): Promise<void> =>
  post(`/standards/${standardId}/clauses`, { clauses: [clause] })

/** Reads clauses from a pasted table of number, text and keywords; stores all of them or none, and nothing on a dry run. */
export const importClauses = async (standardId: string, text: string, dryRun: boolean): Promise<Clause[]> =>
  (await post<{ items: Clause[] | null }>('/clauses/imports', { standard: standardId, text, dry_run: dryRun })).items ?? []

/** Clauses whose number, words or keywords hold every word that was typed. */
export function findClauses(clauses: readonly Clause[], words: string): Clause[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return clauses.filter((clause) => {
    const text = [clause.no, clause.text, ...(clause.keywords ?? [])].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
