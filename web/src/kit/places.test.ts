// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { depthOf, nation, readTrail, trailName } from './places'

it('reads back only what is a trail', () => {
  const trail = [{ path: 'cn/99/', name: '示范省' }]
  expect(readTrail(JSON.stringify(trail))).toEqual(trail)
  for (const broken of [undefined, '', 'x', '[]', '{}', 'null', '[null]', '[{"path":1,"name":"a"}]']) {
    expect(readTrail(broken)).toBeUndefined()
  }
})

it('counts the steps below the nation', () => {
  expect([nation, 'cn/99/', 'cn/99/9901/990101/'].map(depthOf)).toEqual([0, 1, 3])
})

it('names a place from the province down', () => {
  expect(trailName([{ path: 'cn/99/', name: '示范省' }, { path: 'cn/99/9901/', name: '示范市' }])).toBe('示范省 示范市')
})
