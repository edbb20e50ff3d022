// SPDX-License-Identifier: Apache-2.0

import { get, post, remove } from '@/shared/console/http'

export interface Role {
  role: string
  trunk: 'territory' | 'line' | 'group'
  /** One of the three separated administrators. */
  admin: boolean
  perms: string[] | null
}

export interface Grant {
  id: string
  person_id: string
  person_name: string
  role: string
  unit_id: string
  unit_name: string
  place_name?: string
  line?: string
  granted: string
}

export interface NewGrant {
  person_id: string
  role: string
  unit_id: string
  line?: string
}

export const roles = async (): Promise<Role[]> => (await get<{ items: Role[] | null }>('/roles')).items ?? []
/** What is granted to a person or in a unit. */
export const grants = async (person: string, unit: string): Promise<Grant[]> =>
  (await get<{ items: Grant[] | null }>('/grants', { person, unit })).items ?? []
export const grant = (given: NewGrant): Promise<unknown> => post('/grants', given)
export const revoke = (id: string): Promise<void> => remove(`/grants/${id}`)

/** A table of what each role may do: one row per permission that any role has, in the order of its first role. */
export function matrix(all: readonly Role[]): { perm: string; roles: ReadonlySet<string> }[] {
  const perms = [...new Set(all.flatMap((role) => role.perms ?? []))]
  return perms.map((perm) => ({
    perm,
    roles: new Set(all.filter((role) => role.perms?.includes(perm)).map((role) => role.role)),
  }))
}
