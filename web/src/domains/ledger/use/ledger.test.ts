// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { kindName, kinds } from './kinds'
import { pageOf } from './ledger'

it.each([
  ['hazard:01k8', '/hazards/01k8'],
  ['unit:u1', '/units/u1'],
  ['rule:r1', undefined],
  ['', undefined],
])('finds the page of %j', (subject, want) => {
  expect(pageOf(subject)).toBe(want)
})

it('names kinds in plain words, and leaves those of a later release as they are', () => {
  expect(kindName('hazard.moved.v1')).toBe('隐患办理一步')
  expect(kindName('org.unit_added.v2')).toBe('新增单位')
  expect(kindName('tip.sealed.v1')).toBe('tip.sealed.v1')
  expect(kinds().map((one) => one.kind)).toContain('org.unit_added.v1')
})
