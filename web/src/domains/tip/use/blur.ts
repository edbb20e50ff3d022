// SPDX-License-Identifier: Apache-2.0

/**
 * Makes parts of a picture unreadable before it is sealed. A covered part becomes few
 * large squares of its mean colours: what was there is not in the file any more.
 */

/** A part of a picture, in pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Pixels {
  data: Uint8ClampedArray
  width: number
  height: number
}

/** How many squares the shorter side of a covered part has: too few for a face or a number. */
const squares = 5

/** The box between two corners, whole pixels within the picture; undefined when it has no area. */
export function boxBetween(a: { x: number; y: number }, b: { x: number; y: number }, width: number, height: number): Box | undefined {
  const clamp = (n: number, most: number): number => Math.round(Math.min(Math.max(n, 0), most))
  const [left, right] = [clamp(Math.min(a.x, b.x), width), clamp(Math.max(a.x, b.x), width)]
  const [top, bottom] = [clamp(Math.min(a.y, b.y), height), clamp(Math.max(a.y, b.y), height)]
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined
}

/** Covers a part of the pixels in place. */
export function pixelate(pixels: Pixels, box: Box): void {
  const side = Math.max(8, Math.ceil(Math.min(box.width, box.height) / squares))
  for (let y = box.y; y < box.y + box.height; y += side) {
    for (let x = box.x; x < box.x + box.width; x += side) {
      cover(pixels, { x, y, width: Math.min(side, box.x + box.width - x), height: Math.min(side, box.y + box.height - y) })
    }
  }
}

/** Gives all pixels of a square their mean colour. */
function cover(pixels: Pixels, square: Box): void {
  const sum = [0, 0, 0, 0]
  each(pixels, square, (at) => sum.forEach((_, c) => (sum[c] = (sum[c] ?? 0) + (pixels.data[at + c] ?? 0))))
  const mean = sum.map((total) => Math.round(total / (square.width * square.height)))
  each(pixels, square, (at) => pixels.data.set(mean, at))
}

function each({ width }: Pixels, box: Box, visit: (at: number) => void): void {
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) visit((y * width + x) * 4)
  }
}
