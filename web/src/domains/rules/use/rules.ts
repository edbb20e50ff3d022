// SPDX-License-Identifier: Apache-2.0

import { get, post, put, type Page, type Params } from '@/shared/console/http'
import { locale } from '@/shared/i18n'

export interface Term {
  n: number
  kind: 'working' | 'calendar'
}

export type RuleValue = Term | number | number[] | boolean

export interface RuleKey {
  key: string
  zh: string
  en: string
  kind: 'term' | 'number' | 'list' | 'boolean'
  min: number
  max: number
  /** Of a number: "percent", "bit", "metre", "ms". */
  unit: string
  /** Switching it on needs a written reason. */
  reason: boolean
}

export interface Rule {
  id: string
  key: string
  /** It holds here and in all places below, unless one of them has its own. */
  place: string
  valid_from: string
  /** Last day; "" while no end is known. */
  valid_to: string
  value: RuleValue
  source_doc: string
  /** The same in English, of a national default; "" otherwise. */
  source_en: string
  note: string
  /** A national default that ships with the program. */
  builtin: boolean
  version: number
}

export interface NewRule {
  key: string
  place: string
  valid_from: string
  valid_to: string
  value: RuleValue
  source_doc: string
  note: string
}

export const ruleKeys = async (): Promise<RuleKey[]> => (await get<{ items: RuleKey[] | null }>('/rules/keys')).items ?? []
export const rules = (params: Params, signal?: AbortSignal): Promise<Page<Rule>> => get('/rules', params, signal)
export const addRule = (rule: NewRule): Promise<Rule> => post('/rules', rule)
export const endRule = (rule: Rule, last: string): Promise<Rule> =>
  post(`/rules/${rule.id}/end`, { valid_to: last, version: rule.version })

export const keyName = (key: RuleKey): string => (locale.value === 'en' ? key.en : key.zh)

/** The document that a rule or a calendar rests on, in the language of the page where it has one. */
export const sourceOf = (from: Pick<Rule, 'source_doc' | 'source_en'>): string =>
  (locale.value === 'en' && from.source_en) || from.source_doc

/** All rules of a place: those made above, at or below it. */
export async function allRules(place: string): Promise<Rule[]> {
  const found: Rule[] = []
  let cursor = ''
  do {
    const page = await rules({ place, cursor, limit: 200 })
    found.push(...(page.items ?? []))
    cursor = page.next ?? ''
  } while (cursor)
  return found
}

/**
 * The rules that apply at a place on a day, the winner first: the most specific division, among its
 * rules the one that began last. It is the choice of the server (rules.pick), shown with its losers.
 */
export function applying(all: readonly Rule[], key: string, place: string, day: string): Rule[] {
  const holds = (rule: Rule): boolean =>
    rule.key === key && place.startsWith(rule.place) && rule.valid_from <= day && (rule.valid_to === '' || day <= rule.valid_to)
  return all
    .filter(holds)
    .sort((a, b) => b.place.length - a.place.length || compare(b.valid_from, a.valid_from) || compare(b.id, a.id))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The value that a form begins with, by the kind of its key. */
export function emptyValue(kind: RuleKey['kind']): RuleValue {
  const values = { term: { n: 1, kind: 'working' }, number: 0, list: [], boolean: false } as const
  const value = values[kind]
  return Array.isArray(value) ? [...(value as number[])] : typeof value === 'object' ? { ...(value as Term) } : value
}

export interface SpecialDay {
  day: string
  /** Off: 放假; work: 调休上班. */
  kind: 'off' | 'work'
  name: string
}

export interface CalendarYear {
  year: number
  /** False: only weekends are known, working-day deadlines are provisional. */
  announced: boolean
  source_doc: string
  /** The same in English, of a calendar that ships with the program; "" otherwise. */
  source_en: string
  version: number
  off: number
  work: number
  working_days: number
  days: SpecialDay[] | null
}

export const calendar = (year: number): Promise<CalendarYear> => get(`/calendar/${year}`)
export const importCalendar = (year: number, text: string, source_doc: string, version: number, dry_run: boolean): Promise<CalendarYear> =>
  put(`/calendar/${year}`, { text, source_doc, version, dry_run })
