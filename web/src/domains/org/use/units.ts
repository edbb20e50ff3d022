// SPDX-License-Identifier: Apache-2.0

import { address, get, post, put, type Page, type Params } from '@/shared/console/http'

export const unitKinds = ['office', 'department', 'enterprise', 'village', 'community', 'school', 'family_group', 'other'] as const
export type UnitKind = (typeof unitKinds)[number]

/** Supervisory tags (监管行业). */
export const lines = [
  'coal', 'mine', 'hazchem', 'firework', 'industry_trade', 'construction', 'transport', 'gas', 'fire_key',
  'special_equipment', 'civil_explosive', 'farm_machinery', 'fishery', 'school', 'hospital', 'eldercare',
  'culture_tourism', 'other',
] as const
export type Line = (typeof lines)[number]

export interface UnitFields {
  name: string
  kind: UnitKind
  /** Unified social credit code, or "". */
  uscc: string
  /** GB/T 4754 section and division, "C26", or "". */
  industry: string
  lines: Line[]
  place: string
  address: string
  /** The unit above in the group, or "". */
  parent_id: string
}

export interface Unit extends UnitFields {
  id: string
  /** Short code on its QR poster. */
  code: string
  place_name: string
  group_path: string
  status: 'active' | 'closed'
  /** Day on which it was closed. */
  closed?: string
  version: number
}

export const units = (params: Params, signal?: AbortSignal): Promise<Page<Unit>> => get('/units', params, signal)
export const unit = (id: string): Promise<Unit> => get(`/units/${id}`)
export const unitChildren = async (id: string): Promise<Unit[]> =>
  (await get<{ items: Unit[] | null }>(`/units/${id}/children`)).items ?? []
export const addUnit = (fields: UnitFields): Promise<Unit> => post('/units', fields)
export const changeUnit = (id: string, fields: UnitFields, version: number): Promise<Unit> =>
  put(`/units/${id}`, { ...fields, version })
export const qrAddress = (id: string): string => address(`/units/${id}/qr.png`)

/** What is to be said about a unified social credit code. */
export interface UsccCheck {
  valid: boolean
  /** Valid, but the old organisation code inside it fails its own check: look again. */
  doubt: boolean
  /** A valid code, if O, I, Z or S was typed for 0, 1, 2 or 5. */
  suggestion?: string
  /** A live unit has this code. */
  taken: boolean
}

export const checkUscc = (code: string): Promise<UsccCheck> => get('/units/uscc-check', { code })

/** Units by name or credit code, for pickers. */
export async function findUnits(q: string): Promise<{ value: string; label: string; note: string }[]> {
  const { items } = await units({ q, limit: 20 })
  return (items ?? []).map((one) => ({ value: one.id, label: one.name, note: one.place_name }))
}

export function emptyUnit(place = ''): UnitFields {
  return { name: '', kind: 'enterprise', uscc: '', industry: '', lines: [], place, address: '', parent_id: '' }
}

/** What may be edited of a unit. */
export function fieldsOf(one: Unit): UnitFields {
  const { name, kind, uscc, industry, lines, place, address, parent_id } = one
  return { name, kind, uscc: uscc ?? '', industry: industry ?? '', lines: lines ?? [], place, address: address ?? '', parent_id: parent_id ?? '' }
}

/** Offices and departments by name, for transfers. */
export async function findOffices(q: string): Promise<{ value: string; label: string; note: string }[]> {
  const pages = await Promise.all([units({ q, kind: 'office', limit: 20 }), units({ q, kind: 'department', limit: 20 })])
  return pages.flatMap((page) => page.items ?? []).map((one) => ({ value: one.id, label: one.name, note: one.place_name }))
}
