// SPDX-License-Identifier: Apache-2.0

import { get, post, put, type Page } from '@/shared/console/http'
import { locale } from '@/shared/i18n'

export const modes = ['online', 'offline', 'both'] as const
export type Mode = (typeof modes)[number]

/** What people write of a campaign. Days are "2027-06-01"; a tour has both of its days or none. */
export interface CampaignFields {
  year: number
  /** Which campaign in the national count. */
  number: number
  title: string
  theme: string
  summary: string
  starts: string
  ends: string
  consultation_day: string
  tour_starts: string
  tour_ends: string
  /** Local name of the travelling campaign. */
  tour_brand: string
  mode: Mode
}

export interface Part {
  key: string
  zh: string
  en: string
}

export interface Campaign extends CampaignFields {
  id: string
  slug: string
  place: string
  place_name: string
  template: string
  running: boolean
  parts: Part[] | null
  version: number
}

export interface Template extends CampaignFields {
  key: string
  parts: Part[] | null
}

export interface Member {
  unit_id: string
  name: string
  joined: string
}

export interface Figure {
  key: string
  zh: string
  en: string
  unit: string
  n: number
  num: number
  den: number
  ratio: boolean
  complete: boolean
}

export interface Progress {
  figures: Figure[] | null
  regions: { place: string; place_name: string; reported: number; closed: number }[] | null
  days: { day: string; reported: number; closed: number }[] | null
}

export const campaigns = (cursor: string, signal?: AbortSignal): Promise<Page<Campaign>> => get('/campaigns', { cursor }, signal)
export const campaign = (id: string): Promise<Campaign> => get(`/campaigns/${id}`)
export const templates = (year: number): Promise<{ place: string; items: Template[] | null }> =>
  get('/campaign-templates', { year })
export const createCampaign = (fields: CampaignFields, place: string, template: string): Promise<Campaign> =>
  post('/campaigns', { ...fields, place, template })
export const changeCampaign = (id: string, fields: CampaignFields, version: number): Promise<Campaign> =>
  put(`/campaigns/${id}`, { ...fields, version })
export const members = (id: string, cursor: string): Promise<Page<Member>> => get(`/campaigns/${id}/units`, { cursor })
export const join = async (id: string, units: string[]): Promise<number> =>
  (await post<{ joined: number }>(`/campaigns/${id}/units`, { unit_ids: units })).joined
export const progress = (id: string): Promise<Progress> => get(`/campaigns/${id}/progress`)

/** A word that comes in both languages. */
export const wordOf = (word: { zh: string; en: string }): string => (locale.value === 'en' ? word.en : word.zh)

/** Only what people write, of a campaign or a template. */
export function fieldsOf(one: CampaignFields): CampaignFields {
  const { year, number, title, theme, summary, starts, ends, consultation_day, tour_starts, tour_ends, tour_brand, mode } = one
  return { year, number, title, theme, summary, starts, ends, consultation_day, tour_starts, tour_ends, tour_brand, mode }
}

/** Another template under what was typed: fields that differ from what the form began with stay as they are. */
export function rebase(fresh: CampaignFields, begun: CampaignFields, now: CampaignFields): CampaignFields {
  const typed = Object.entries(now).filter(([name, value]) => value !== begun[name as keyof CampaignFields])
  return { ...fresh, ...Object.fromEntries(typed) }
}
