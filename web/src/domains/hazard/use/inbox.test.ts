// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { chipsOf } from './inbox'

const inbox = { items: [], counts: { ordered: 2, reported: 3 }, clocks: { late: 1, today: 0, later: 4 } }

it('counts all, what presses, and each status that has something', () => {
  expect(chipsOf(inbox, { status: '', clock: '' })).toEqual([
    { status: '', clock: '', n: 5 },
    { status: '', clock: 'late', n: 1 },
    { status: 'reported', clock: '', n: 3 },
    { status: 'ordered', clock: '', n: 2 },
  ])
})

it('keeps what was chosen when nothing is left of it', () => {
  const chips = chipsOf(inbox, { status: 'closed', clock: '' })
  expect(chips.at(-1)).toEqual({ status: 'closed', clock: '', n: 0 })
  expect(chipsOf({ items: [] }, { status: '', clock: 'today' })).toEqual([{ status: '', clock: 'today', n: 0 }])
})
