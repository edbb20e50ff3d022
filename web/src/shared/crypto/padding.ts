// SPDX-License-Identifier: Apache-2.0

/** Padding, so that the size of what is sealed tells little about it. */
import { fromUtf8, utf8 } from './bytes'

/** Sizes of a padded JSON text, in bytes. */
export const buckets = [2, 4, 8, 16, 32, 64].map((kib) => kib * 1024)

/** Bytes before a padded file that say how long it is. */
const head = 8

/** Thrown when a text does not fit the largest bucket. */
export class TooLong extends Error {}

/** value as JSON, followed by spaces up to the next bucket, or to `size` bytes when that is given. */
export function padJSON(value: unknown, size?: number): Uint8Array {
  const text = utf8(JSON.stringify(value))
  const full = size ?? buckets.find((bucket) => bucket >= text.length)
  if (full === undefined || text.length > full) throw new TooLong(`${text.length} bytes`)
  const padded = new Uint8Array(full).fill(0x20)
  padded.set(text)
  return padded
}

/** The inverse of padJSON. */
export function readJSON(padded: Uint8Array): unknown {
  return JSON.parse(fromUtf8(padded))
}

/** The length that n is padded to by Padmé: at most 12 % more, and few lengths are possible. */
export function padme(n: number): number {
  if (n < 2) return n
  const exponent = Math.floor(Math.log2(n))
  const step = 2 ** Math.max(0, exponent - Math.floor(Math.log2(exponent)) - 1)
  return Math.ceil(n / step) * step
}

/** Length (8 bytes, big-endian), bytes, zeros. */
export function padFile(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(padme(head + bytes.length))
  new DataView(padded.buffer).setBigUint64(0, BigInt(bytes.length))
  padded.set(bytes, head)
  return padded
}

/** The inverse of padFile. Throws when the length is a lie. */
export function unpadFile(padded: Uint8Array): Uint8Array {
  if (padded.length < head) throw new Error('no padded file')
  const length = new DataView(padded.buffer, padded.byteOffset).getBigUint64(0)
  if (length > BigInt(padded.length - head)) throw new Error('no padded file')
  return padded.slice(head, head + Number(length))
}
