// SPDX-License-Identifier: Apache-2.0

import { afterEach, expect, it } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { mayOpen, railOf } from './meta'
import { me, type Me } from './session'

const sign = (perms: string[], role: string): void => {
  me.value = { perms, roles: [{ role, scope: {} }] } as unknown as Me
}
const page = (path: string, group: 'hazards' | 'system', order: number, perms: string[]): RouteRecordRaw =>
  ({ path, redirect: '/', meta: { rail: { group, order }, perms } }) as RouteRecordRaw

afterEach(() => (me.value = undefined))

it('opens pages by permission and by role', () => {
  sign(['ledger.read'], 'office_clerk')
  expect(mayOpen({})).toBe(true)
  expect(mayOpen({ perms: ['ledger.read', 'stats.read'] })).toBe(true)
  expect(mayOpen({ perms: ['org.edit'] })).toBe(false)
  expect(mayOpen({ roles: ['audit_admin'] })).toBe(false)
  sign([], 'audit_admin')
  expect(mayOpen({ roles: ['audit_admin'] })).toBe(true)
})

it('opens nothing that needs a permission when nobody is signed in', () => {
  expect(mayOpen({ perms: ['hazard.read'] })).toBe(false)
  expect(mayOpen({ roles: ['audit_admin'] })).toBe(false)
})

it('sorts the rail and leaves out what is not for this person', () => {
  sign(['hazard.read'], 'viewer')
  const rail = railOf([page('/b', 'hazards', 20, ['hazard.read']), page('/a', 'hazards', 10, []), page('/x', 'system', 1, ['org.edit'])])
  expect(rail.hazards.map((one) => one.path)).toEqual(['/a', '/b'])
  expect(rail.system).toEqual([])
})
