// SPDX-License-Identifier: Apache-2.0

/** The key of one officer. It is made and opened in the officer's browser; only the sealed form leaves it. */
import { makeIdentity, openByPassphrase, recipientOf, sealByPassphrase } from './age'
import { makeSeed, signerOf } from './sign'

export interface PersonKey {
  /** age identity, x25519. */
  age: string
  /** Ed25519 secret key, 32 bytes in base64. */
  sign: string
}

/** What others may know of it. */
export interface PublicHalves {
  recipient: string
  signer: string
}

/** scrypt rounds as a power of two: about a second on an office computer. */
const workFactor = 15

export async function makePersonKey(): Promise<PersonKey> {
  return { age: await makeIdentity('x25519'), sign: makeSeed() }
}

export async function publicHalves(key: PersonKey): Promise<PublicHalves> {
  return { recipient: await recipientOf(key.age), signer: signerOf(key.sign) }
}

/** Seals the key by the officer's passphrase, armored. */
export function sealPersonKey({ age, sign }: PersonKey, passphrase: string): Promise<string> {
  return sealByPassphrase(JSON.stringify({ age, sign }), passphrase, workFactor)
}

/** Throws when the passphrase is wrong. */
export async function openPersonKey(sealed: string, passphrase: string): Promise<PersonKey> {
  return JSON.parse(await openByPassphrase(sealed, passphrase)) as PersonKey
}
