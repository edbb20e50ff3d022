// SPDX-License-Identifier: Apache-2.0

/** Bytes and the texts that stand for them. Every reader takes one spelling only. */
import { base64, base64urlnopad, hex } from '@scure/base'

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Throws when bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

export const toBase64 = (bytes: Uint8Array): string => base64.encode(bytes)
export const fromBase64 = (text: string): Uint8Array => base64.decode(text)

/** Without padding, as it stands in JSON and addresses. */
export const toBase64Url = (bytes: Uint8Array): string => base64urlnopad.encode(bytes)

export const toHex = (bytes: Uint8Array): string => hex.encode(bytes)

export function random(n: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(n))
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether both hold the same bytes. Not for secrets: its time tells where they differ. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
