// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { matrix, type Role } from './roles'

const role = (name: string, ...perms: string[]): Role => ({ role: name, trunk: 'territory', admin: false, perms })

it('shows each permission once, with all roles that hold it', () => {
  const rows = matrix([role('viewer', 'org.read'), role('office_clerk', 'org.read', 'org.edit'), { ...role('none'), perms: null }])
  expect(rows.map((row) => [row.perm, [...row.roles]])).toEqual([
    ['org.read', ['viewer', 'office_clerk']],
    ['org.edit', ['office_clerk']],
  ])
})
