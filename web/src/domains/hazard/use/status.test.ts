// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { proposed, statuses, statusTone, waitsFor, type Action } from './status'

const desk = (...actions: Action[]) => actions.map((action) => ({ action, party: 'desk' }))
const unit = (...actions: Action[]) => actions.map((action) => ({ action, party: 'unit' }))

it.each([
  ['nothing', [], true, undefined],
  ['a report', desk('reject', 'mark_duplicate', 'transfer', 'triage'), true, 'triage'],
  ['what was triaged', desk('stop', 'regrade', 'transfer', 'order'), true, 'order'],
  ['a rectification', desk('return', 'accept'), true, 'accept'],
  ['what is overdue, to its unit', unit('submit'), false, 'submit'],
  ['what is overdue, to the office', [...unit('submit'), ...desk('stop')], true, undefined],
])('proposes for %s', (_, allowed, office, want) => {
  expect(proposed(allowed, office)).toBe(want)
})

it('tells whose turn it is', () => {
  expect(waitsFor([...desk('stop', 'regrade'), ...unit('start')])?.party).toBe('unit')
  expect(waitsFor(desk('reopen'))).toBeUndefined()
})

it('has a colour for every status', () => {
  expect(Object.keys(statusTone).sort()).toEqual([...statuses].sort())
})
