// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { numberOf, shownNumber, type Figure } from './figures'

const figure = (part: Partial<Figure>): Figure => ({ key: 'k', op: 'flow', unit: 'item', n: 0, complete: true, ...part })

it.each([
  [figure({ n: 12345 }), '12,345'],
  [figure({ n: 123456, unit: 'fen' }), '1,234.56'],
  [figure({ op: 'ratio', ratio: { num: 2, den: 3 } }), '66.7%'],
  [figure({ op: 'ratio', ratio: { num: 0, den: 0 } }), '–'],
])('shows %o as %s', (given, want) => {
  expect(shownNumber(given)).toBe(want)
})

it('draws a ratio of nothing as zero', () => {
  expect(numberOf(figure({ op: 'ratio', ratio: { num: 0, den: 0 } }))).toBe(0)
})
