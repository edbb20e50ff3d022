// SPDX-License-Identifier: Apache-2.0

/**
 * Sealing and opening with age (age-encryption.org/v1). The library is 50 KB and is
 * fetched by the first call; `ready` fetches it ahead.
 */
import type * as AgeModule from 'age-encryption'
import { fromUtf8, utf8 } from './bytes'

type Age = typeof AgeModule

/** x25519, or hybrid with ML-KEM-768 against computers that do not exist yet. */
export type Kind = 'x25519' | 'hybrid'

let fetched: Promise<Age> | undefined

function age(): Promise<Age> {
  fetched ??= import('age-encryption').catch((cause: unknown) => {
    fetched = undefined
    throw cause
  })
  return fetched
}

/** Resolves when everything that sealing needs is here. */
export async function ready(): Promise<void> {
  await age()
}

/** A new secret identity: AGE-SECRET-KEY-1… or AGE-SECRET-KEY-PQ-1… */
export async function makeIdentity(kind: Kind): Promise<string> {
  const { generateHybridIdentity, generateX25519Identity } = await age()
  return kind === 'hybrid' ? generateHybridIdentity() : generateX25519Identity()
}

/** The public half of an identity, or of the first of several: age1… or age1pq1… Throws when it is none. */
export async function recipientOf(identity: string): Promise<string> {
  return (await age()).identityToRecipient(linesOf(identity)[0] ?? '')
}

/** An identity may be several, one a line, as in age's own files. */
const linesOf = (identity: string): string[] => identity.split('\n').filter(Boolean)

/** The kind of a recipient; undefined for a text that is no recipient of ours. */
export function kindOf(recipient: string): Kind | undefined {
  if (/^age1pq1[02-9ac-hj-np-z]{1900,2000}$/.test(recipient)) return 'hybrid'
  return /^age1[02-9ac-hj-np-z]{58}$/.test(recipient) ? 'x25519' : undefined
}

/** Seals bytes so that each of the recipients alone can open them. */
export async function seal(bytes: Uint8Array, ...recipients: readonly [string, ...string[]]): Promise<Uint8Array> {
  const { Encrypter } = await age()
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return encrypter.encrypt(bytes)
}

/** Opens what was sealed to one of the identities, each of which may be several lines. Throws when it was not, or was changed. */
export async function open(sealed: Uint8Array, ...identities: readonly [string, ...string[]]): Promise<Uint8Array> {
  const { Decrypter } = await age()
  const decrypter = new Decrypter()
  for (const identity of identities.flatMap(linesOf)) decrypter.addIdentity(identity)
  return decrypter.decrypt(sealed)
}

/** Seals a text and writes it as PEM-like lines (armor), for what is stored as text. */
export async function sealText(text: string, ...recipients: readonly [string, ...string[]]): Promise<string> {
  return (await age()).armor.encode(await seal(utf8(text), ...recipients))
}

/** The inverse of sealText. */
export async function openText(armored: string, ...identities: readonly [string, ...string[]]): Promise<string> {
  return fromUtf8(await open((await age()).armor.decode(armored), ...identities))
}

/** Seals a text by a passphrase (scrypt with 2^workFactor rounds), armored. */
export async function sealByPassphrase(text: string, passphrase: string, workFactor: number): Promise<string> {
  const { Encrypter, armor } = await age()
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(workFactor)
  return armor.encode(await encrypter.encrypt(utf8(text)))
}

/** The inverse of sealByPassphrase. Throws when the passphrase is wrong. */
export async function openByPassphrase(armored: string, passphrase: string): Promise<string> {
  const { Decrypter, armor } = await age()
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  return fromUtf8(await decrypter.decrypt(armor.decode(armored)))
}
