// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { proposed, statuses, statusTone, type Action } from './status'

it.each<[Action[], Action | undefined]>([
  [[], undefined],
  [['reject', 'mark_duplicate', 'transfer', 'triage'], 'triage'],
  [['stop', 'regrade', 'transfer', 'order'], 'order'],
  [['return', 'accept'], 'accept'],
  [['refuse_extension', 'grant_extension'], 'grant_extension'],
  [['stop'], 'stop'],
])('of %j it proposes %s', (allowed, want) => {
  expect(proposed(allowed)).toBe(want)
})

it('has a colour for every status', () => {
  expect(Object.keys(statusTone).sort()).toEqual([...statuses].sort())
})
