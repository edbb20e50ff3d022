// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { asParams, usualFilters } from './filters'

it('asks only for my own reports when I may see no others', () => {
  expect(asParams(usualFilters, '', true)).toEqual({ open: 'true', mine: 'true' })
})

it.each([
  ['the usual list', {}, '', { open: 'true' }],
  ['the region of the top bar', {}, 'cn/99/', { open: 'true', place: 'cn/99/' }],
  ['a region of its own', { place: 'cn/99/9901/', place_name: '示范市' }, 'cn/99/', { open: 'true', place: 'cn/99/9901/' }],
  ['a status instead of open', { status: ['closed', 'rejected'] }, '', { status: 'closed,rejected' }],
  ['all of them', { open: false, overdue: true, q: '通道' }, '', { overdue: 'true', q: '通道' }],
  ['a unit by id only', { unit: 'u1', unit_name: '示范化工' }, '', { open: 'true', unit: 'u1' }],
])('asks for %s', (_, filters, scope, want) => {
  expect(asParams({ ...usualFilters, ...filters }, scope)).toEqual(want)
})
