// SPDX-License-Identifier: Apache-2.0

/**
 * Texts that people sign with Ed25519: lines, a blank line, then one line for each
 * signature, `sig <public key, base64> <signature, base64>`. What is signed is the text
 * with the line feed before the blank line.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { fromBase64, random, toBase64, utf8 } from './bytes'

export interface Signature {
  /** Public key, base64. */
  signer: string
  signature: Uint8Array
}

/** A new secret key: 32 bytes, base64. */
export const makeSeed = (): string => toBase64(random(32))

/** The public key of a secret one, both base64. */
export const signerOf = (seed: string): string => toBase64(ed25519.getPublicKey(fromBase64(seed)))

/** The signature of a text, base64. */
export const signText = (text: string, seed: string): string => toBase64(ed25519.sign(utf8(text), fromBase64(seed)))

/** Adds a signature to a text that may have some already. */
export function addSignature(signed: string, seed: string): string {
  const { text, signatures } = split(signed)
  const line = `sig ${signerOf(seed)} ${signText(text, seed)}\n`
  return signatures.length > 0 ? signed + line : `${text}\n${line}`
}

/** The text and its signatures, not yet verified. Throws when the form is wrong. */
export function split(signed: string): { text: string; signatures: Signature[] } {
  const at = signed.indexOf('\n\n')
  if (!signed.endsWith('\n')) throw new Error('a signed text ends in a line feed')
  if (at < 0) return { text: signed, signatures: [] }
  const lines = signed.slice(at + 2, -1).split('\n')
  return { text: signed.slice(0, at + 1), signatures: lines.map(readSignature) }
}

function readSignature(line: string): Signature {
  const [word, signer = '', signature = '', ...more] = line.split(' ')
  if (word !== 'sig' || more.length > 0 || fromBase64(signer).length !== 32) throw new Error('no signature')
  return { signer, signature: fromBase64(signature) }
}

/** Whether a signature is one of text. */
export function verifies(text: string, { signer, signature }: Signature): boolean {
  return verifyBytes(fromBase64(signer), utf8(text), signature)
}

/** Whether signature is key's of message; false for whatever is no key or no signature. */
export function verifyBytes(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key)
  } catch {
    return false
  }
}
