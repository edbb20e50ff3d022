// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { ref } from 'vue'
import { mostPicked, usePicked } from './picked'

it('picks in the order of the list, whatever the order of clicks', () => {
  const picked = usePicked(() => ['a', 'b', 'c'])
  picked.pick('c', true)
  picked.pick('a', true)
  expect([picked.ids.value, picked.extent.value]).toEqual([['a', 'c'], 'some'])
  picked.pick('b', true)
  expect(picked.extent.value).toBe('all')
  picked.pick('a', false)
  expect(picked.ids.value).toEqual(['b', 'c'])
  picked.pickAll(false)
  expect(picked.extent.value).toBe('none')
})

it('forgets rows that left the list', () => {
  const rows = ref(['a', 'b'])
  const picked = usePicked(() => rows.value)
  picked.pickAll(true)
  rows.value = ['b', 'c']
  expect(picked.ids.value).toEqual(['b'])
  picked.pick('c', true)
  rows.value = ['a', 'b', 'c']
  expect(picked.ids.value).toEqual(['b', 'c'])
})

it('takes no more than one act can', () => {
  const picked = usePicked(() => Array.from({ length: mostPicked + 5 }, (_, i) => `${i}`))
  picked.pickAll(true)
  expect(picked.ids.value.length).toBe(mostPicked)
  expect(picked.extent.value).toBe('all')
})
