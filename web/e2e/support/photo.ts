// SPDX-License-Identifier: Apache-2.0

import { crc32, deflateSync } from 'node:zlib'

type Colour = readonly [number, number, number]

/** A drawn picture of a passage with a crate before its exit; without the crate once it is repaired. */
export function picture(repaired = false, width = 960, height = 720): { name: string; mimeType: string; buffer: Buffer } {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(colourAt(x / width, y / height, repaired), y * (width * 3 + 1) + 1 + x * 3)
  }
  return { name: repaired ? 'after.png' : 'before.png', mimeType: 'image/png', buffer: png(width, height, rows) }
}

function colourAt(x: number, y: number, repaired: boolean): Colour {
  const inside = (left: number, top: number, right: number, bottom: number): boolean => x > left && x < right && y > top && y < bottom
  if (!repaired && inside(0.34, 0.52, 0.66, 0.86)) return (x * 40) % 2 < 0.15 ? [96, 66, 38] : [168, 120, 72]
  if (inside(0.4, 0.12, 0.6, 0.18)) return [18, 140, 84]
  if (inside(0.36, 0.2, 0.64, 0.78)) return inside(0.38, 0.22, 0.62, 0.78) ? [120, 132, 146] : [70, 78, 90]
  if (y > 0.78) return [150 - y * 40, 148 - y * 40, 142 - y * 40]
  return [214 - y * 30, 208 - y * 30, 196 - y * 30]
}

function png(width: number, height: number, rows: Buffer): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8) // 8 bits of red, green and blue
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
