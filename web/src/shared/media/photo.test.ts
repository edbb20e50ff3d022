// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { fitWithin } from './photo'

const cases: [number, number, number, number][] = [
  [4000, 3000, 1920, 1440],
  [3000, 4000, 1440, 1920],
  [1920, 1920, 1920, 1920],
  [800, 600, 800, 600], // never larger
  [10000, 1, 1920, 1], // never nothing
  [1, 10000, 1, 1920],
]

it.each(cases)('%i × %i becomes %i × %i', (w, h, width, height) => {
  expect(fitWithin(w, h, 1920)).toEqual({ width, height })
})

it('keeps the shape to within half a pixel', () => {
  for (let w = 1921; w < 9000; w += 137) {
    const { width, height } = fitWithin(w, 1500, 1920)
    expect(Math.max(width, height)).toBe(1920)
    expect(Math.abs(height - (1500 * 1920) / w)).toBeLessThanOrEqual(0.5)
  }
})
