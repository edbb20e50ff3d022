// SPDX-License-Identifier: Apache-2.0

/**
 * Shares of an identity after Shamir: any k of n give it back, k - 1 say nothing. A share
 * is base64 text.
 */
import { recipientOf } from './age'
import { fromBase64, fromUtf8, toBase64, utf8 } from './bytes'

/** Splits an identity into n shares (2 to 255), any k of which (2 to n) are enough. */
export async function splitIdentity(identity: string, n: number, k: number): Promise<string[]> {
  const { split } = await import('shamir-secret-sharing')
  return (await split(utf8(identity), n, k)).map(toBase64)
}

/**
 * Puts shares together. Throws when they do not give the identity of `recipient`: too
 * few, or of different identities.
 */
export async function joinShares(shares: readonly string[], recipient: string): Promise<string> {
  const { combine } = await import('shamir-secret-sharing')
  const identity = fromUtf8(await combine(shares.map(fromBase64)))
  if ((await recipientOf(identity)) !== recipient) throw new Error('these shares give another identity')
  return identity
}
