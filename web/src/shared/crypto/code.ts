// SPDX-License-Identifier: Apache-2.0

/**
 * The query code of a tip: 120 random bits that only its holder knows. What the server
 * looks it up by, and the identity of the mailbox, are both made from it here.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bech32 } from '@scure/base'
import { random, toBase64Url, utf8 } from './bytes'

/** Crockford's base32: no I, L, O, U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Characters of a code. */
export const codeLength = 24

export function makeCode(): string {
  return Array.from(random(codeLength), (byte) => letters[byte & 31]).join('')
}

/** Reads a code as people type it: small letters, spaces, dashes, full-width letters, O for 0 and I or L for 1. */
export function readCode(typed: string): string {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, '')
  return plain.replace(/O/g, '0').replace(/[IL]/g, '1')
}

/** Whether a code that has been read can be one. */
export function isCode(code: string): boolean {
  return code.length === codeLength && Array.from(code).every((c) => letters.includes(c))
}

/** 7KQM-2XWD-9H4T-AB3C-0Z81-WWPQ */
export function showCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? ''
}

export interface CodeKeys {
  /** What the server finds the tip by, base64url. */
  lookup: string
  /** age identity that opens the mailbox. */
  mailbox: string
  /**
   * age identity that what the informant writes later is sealed to. Officers find it in the
   * envelope, below the case's; so no server can put another in its place.
   */
  reply: string
}

/** What a code is good for. Throws when it is none. */
export function keysOf(code: string): CodeKeys {
  const secret = bytesOf(code)
  const derive = (info: string): Uint8Array => hkdf(sha256, secret, utf8('anlan-tip'), utf8(info), 32)
  return {
    lookup: toBase64Url(derive('lookup')),
    mailbox: identityOf(derive('mailbox')),
    reply: identityOf(derive('reply')),
  }
}

const identityOf = (secret: Uint8Array): string => bech32.encodeFromBytes('AGE-SECRET-KEY-', secret).toUpperCase()

function bytesOf(code: string): Uint8Array {
  if (!isCode(code)) throw new Error('not a query code')
  const bits = Array.from(code, (c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2))
}
