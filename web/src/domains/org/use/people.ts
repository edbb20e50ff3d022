// SPDX-License-Identifier: Apache-2.0

import { get, post, put, type Page, type Params } from '@/shared/console/http'

export interface Membership {
  id?: string
  unit_id: string
  unit_name?: string
  title: string
  /** The person who directs them in this unit, or "". */
  manager_id: string
  manager_name?: string
  /** Leads the unit. */
  head: boolean
  /** The one in whose name they act unless they say otherwise. */
  main: boolean
  /** First day; the last is `to`. */
  from?: string
  to?: string
}

export interface Person {
  id: string
  name: string
  /** Masked: 138****1234. */
  phone: string
  memberships: Membership[] | null
  version: number
}

/** A person as lists show them, in one unit. */
export interface Listed {
  id: string
  name: string
  phone?: string
  title?: string
  head: boolean
  unit_id: string
  unit_name: string
  place_name: string
}

export interface PersonFields {
  name: string
  /** As typed; "" leaves the number as it is. */
  phone: string
  memberships: Membership[]
}

export const people = (params: Params, signal?: AbortSignal): Promise<Page<Listed>> => get('/people', params, signal)
export const person = (id: string): Promise<Person> => get(`/people/${id}`)
/** Adds a person with their first position. */
export function addPerson({ name, phone, memberships: [first] }: PersonFields): Promise<Person> {
  const { unit_id, title, manager_id, head } = first ?? emptyMembership(true)
  return post('/people', { name, phone, unit_id, title, manager_id, head })
}

/** Changes a person. A position that is left out ends; an empty phone leaves the number alone. */
export function changePerson(id: string, { name, phone, memberships }: PersonFields, version: number): Promise<Person> {
  const sent = memberships.map(({ id, unit_id, title, manager_id, head, main, from, to }) => {
    return { id, unit_id, title, manager_id, head, main, from, to }
  })
  return put(`/people/${id}`, { name, ...(phone && { phone }), memberships: sent, version })
}

/** Shows a person's number in full. The reason is recorded, and the person may ask who looked. */
export const revealPhone = async (id: string, reason: string): Promise<string> =>
  (await post<{ phone: string }>(`/people/${id}/reveal`, { reason })).phone

/** People by name, for pickers. */
export async function findPeople(q: string): Promise<{ value: string; label: string; note: string }[]> {
  const { items } = await people({ q, limit: 20 })
  return (items ?? []).map((one) => ({ value: one.id, label: one.name, note: one.unit_name }))
}

/** People of one unit by name, for pickers. */
export const findPeopleOf =
  (unit: string) =>
  async (q: string): Promise<{ value: string; label: string; note: string | undefined }[]> => {
    const { items } = await people({ unit, q, limit: 50 })
    return (items ?? []).map((one) => ({ value: one.id, label: one.name, note: one.title }))
  }

export const emptyMembership = (main: boolean): Membership => ({ unit_id: '', title: '', manager_id: '', head: false, main })
