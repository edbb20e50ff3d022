// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { boxBetween, pixelate, type Pixels } from './blur'

/** A picture whose every pixel is another. */
function noise(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < data.length; i++) data[i] = (i * 7919 + (i >> 5) * 31) % 256
  return { data, width, height }
}

const colourAt = ({ data, width }: Pixels, x: number, y: number): string => data.slice((y * width + x) * 4, (y * width + x) * 4 + 4).join()

describe('pixelate', () => {
  it('leaves few colours in the part and nothing else changed', () => {
    const before = noise(100, 80)
    const after = { ...before, data: before.data.slice() }
    pixelate(after, { x: 20, y: 10, width: 50, height: 50 })
    const inside = new Set<string>()
    for (let y = 0; y < 80; y++) {
      for (let x = 0; x < 100; x++) {
        if (x >= 20 && x < 70 && y >= 10 && y < 60) inside.add(colourAt(after, x, y))
        else expect(colourAt(after, x, y)).toBe(colourAt(before, x, y))
      }
    }
    expect(inside.size).toBeLessThanOrEqual(25)
  })

  it('makes pictures that differ only within one square alike', () => {
    const one = noise(40, 40)
    const other = { ...one, data: one.data.slice() }
    const [a, b] = [other.data.slice(0, 4), other.data.slice(4, 8)]
    other.data.set(b, 0)
    other.data.set(a, 4)
    for (const p of [one, other]) pixelate(p, { x: 0, y: 0, width: 40, height: 40 })
    expect(one.data).toEqual(other.data)
  })

  it('covers a part that is no multiple of a square to its edge', () => {
    const p = noise(30, 30)
    const edge = colourAt(p, 29, 29)
    pixelate(p, { x: 0, y: 0, width: 30, height: 30 })
    expect(colourAt(p, 29, 29)).not.toBe(edge)
  })
})

describe('boxBetween', () => {
  it('takes corners in any order, and stays within the picture', () => {
    expect(boxBetween({ x: 50.4, y: 90 }, { x: -5, y: 10.6 }, 100, 80)).toEqual({ x: 0, y: 11, width: 50, height: 69 })
  })

  it('is nothing without an area', () => expect(boxBetween({ x: 5, y: 5 }, { x: 5, y: 9 }, 100, 80)).toBeUndefined())
})
