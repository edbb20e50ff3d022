// SPDX-License-Identifier: Apache-2.0

/**
 * My own keys, opened by my passphrase. They are in the memory of this page and nowhere
 * else, and are forgotten after ten minutes without a key or a click, and when another
 * person signs in.
 */
import { shallowRef, watch, type ShallowRef } from 'vue'
import { openPersonKey, type PersonKey } from '@/shared/crypto/person'
import { me } from '@/shared/console/session'
import { myKeys, type OwnKey } from './officeKeys'

/** How long opened keys are kept without a sign of the officer, in milliseconds. */
export const idleTime = 10 * 60_000

/** Opened keys by the id under which the server knows them. */
export type Keyring = ReadonlyMap<string, PersonKey>

/** Why something sealed cannot be opened here: a wrong passphrase, no key of mine, or one that this passphrase does not open. */
export class KeyTrouble extends Error {
  constructor(readonly why: 'passphrase' | 'none' | 'former') {
    super(why)
    this.name = 'KeyTrouble'
  }
}

const opened = shallowRef<Keyring>()
let timer: ReturnType<typeof setTimeout> | undefined
const signs = ['keydown', 'pointerdown'] as const

/** The opened keys; undefined until they are opened, and again when they are forgotten. */
export const keyring: Readonly<ShallowRef<Keyring | undefined>> = opened

/** Forgets the opened keys. */
export function lock(): void {
  opened.value = undefined
  clearTimeout(timer)
  for (const sign of signs) removeEventListener(sign, stay)
}

function stay(): void {
  clearTimeout(timer)
  timer = setTimeout(lock, idleTime)
}

/** Opens my keys. Former keys stay closed when they have another passphrase. Throws KeyTrouble. */
export async function unlock(passphrase: string): Promise<Keyring> {
  const { items } = await myKeys()
  if (!items?.[0] || items[0].replaced) throw new KeyTrouble('none')
  const keys = await openAll(items, passphrase)
  keep(keys)
  return keys
}

/** Holds these keys open, as after unlock. */
export function keep(keys: Keyring): void {
  lock()
  opened.value = keys
  for (const sign of signs) addEventListener(sign, stay, { passive: true })
  stay()
}

/** The keys that a passphrase opens, the current one among them. Throws KeyTrouble. */
export async function openAll(all: readonly Pick<OwnKey, 'id' | 'sealed' | 'replaced'>[], passphrase: string): Promise<Keyring> {
  const keys = new Map<string, PersonKey>()
  for (const { id, sealed, replaced } of all) {
    const key = await openPersonKey(sealed, passphrase).catch(() => undefined)
    if (key) keys.set(id, key)
    else if (!replaced) throw new KeyTrouble('passphrase')
  }
  return keys
}

/** The key with this id. Throws KeyTrouble. */
export function keyFrom(ring: Keyring, id: string): PersonKey {
  const key = ring.get(id)
  if (!key) throw new KeyTrouble('former')
  return key
}

watch(() => me.value?.person.id, lock)
