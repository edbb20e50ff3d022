// SPDX-License-Identifier: Apache-2.0

/** The hashes that a receipt is made of. They are those of the Go package transparency. */
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, utf8 } from './bytes'

export { sha256 }

const leafMark = Uint8Array.of(0)
const nodeMark = Uint8Array.of(1)

/** RFC 6962: the hash by which a leaf is found in the log. */
export const leafHash = (leaf: Uint8Array): Uint8Array => sha256(concat(leafMark, leaf))

/**
 * The root over the SHA-256 hashes of files, in their order, after RFC 6962; 32 zero
 * bytes when there is none.
 */
export function evidenceRoot(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? new Uint8Array(32) : rootOf(hashes)
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes
  if (only && hashes.length === 1) return leafHash(only)
  let left = 1
  while (left * 2 < hashes.length) left *= 2
  return sha256(concat(nodeMark, rootOf(hashes.slice(0, left)), rootOf(hashes.slice(left))))
}

/** What the log commits to of a tip: both sealed parts as they were sent. */
export function contentHash(envelope: Uint8Array, content: Uint8Array): Uint8Array {
  return sha256(concat(utf8('anlan-tip/v1\n'), sha256(envelope), sha256(content)))
}

/** The commitment in a leaf: without the salt nobody can try contents out. */
export function commitment(salt: Uint8Array, content: Uint8Array, evidence: Uint8Array): Uint8Array {
  return sha256(concat(utf8('anlan-tip'), salt, content, evidence))
}
