// SPDX-License-Identifier: Apache-2.0

/** Who sits at the console: read once, asked everywhere. What a person may do is decided by the server; here it only hides what would be refused. */
import { shallowRef } from 'vue'
import { asApiError } from '@/shared/api'
import { get, post } from './http'

export interface Me {
  person: { id: string; name: string; login: string }
  /** In whose name I act; news of it are heard at its place. */
  unit: { id: string; name: string; place: string }
  units: { id: string; name: string }[]
  roles: { role: string; scope: { place?: string; place_name?: string } }[]
  perms: string[]
  totp: boolean
  locale: string
  /** A one-time password that must be replaced before anything else. */
  must_change: boolean
}

export const me = shallowRef<Me>()

/** Whether the signed-in person holds one of the permissions; no permission asked means everybody. */
export function can(...perms: string[]): boolean {
  return perms.length === 0 || perms.some((perm) => me.value?.perms.includes(perm))
}

/** Reads who is signed in; undefined when nobody is. Other failures are thrown. */
export async function readMe(): Promise<Me | undefined> {
  try {
    me.value = await get<Me>('/me')
  } catch (thrown) {
    const problem = asApiError(thrown)
    if (problem.status !== 401) throw problem
    me.value = undefined
  }
  return me.value
}

/** Ends the session. It is over for this page even when the server cannot be told. */
export async function signOut(): Promise<void> {
  await post('/auth/sign-out').catch(() => undefined)
  me.value = undefined
}

/** Works for another of my units from now on. */
export async function switchUnit(id: string): Promise<void> {
  await post('/me/unit', { unit_id: id })
  await readMe()
}
