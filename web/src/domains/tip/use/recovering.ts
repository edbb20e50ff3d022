// SPDX-License-Identifier: Apache-2.0

/**
 * Recovery of a channel's key by k of n holders. Whoever asks makes an identity for this
 * recovery alone; it waits on this device, sealed to the asker's own key, until enough
 * shares were given.
 */
import { makeIdentity, openText, recipientOf, sealText } from '@/shared/crypto/age'
import { joinShares } from '@/shared/crypto/shares'
import { remember, remembered } from '@/shared/memory'
import { keyFrom, KeyTrouble, type Keyring } from './keyring'
import type { Mine, Recovery } from './officeKeys'

/** The asker's half of the recovery is not on this device. */
export class ElsewhereAsked extends Error {}

const place = (recovery: string): string => `tip.recovery.${recovery}`

/** What a recovery is asked with, and how its secret half is kept once the server has named it. */
export async function beginRecovery(own: string): Promise<{ recipient: string; keepAs: (recovery: string) => void }> {
  const identity = await makeIdentity('x25519')
  const sealed = await sealText(identity, own)
  return { recipient: await recipientOf(identity), keepAs: (recovery) => remember(place(recovery), sealed) }
}

/** Whether this device can end a recovery. */
export const keptHere = (recovery: string): boolean => remembered(place(recovery)) !== undefined

/** My share, sealed to the recipient of a recovery. */
export async function shareFor(recovery: Pick<Recovery, 'recipient'>, held: Mine, ring: Keyring): Promise<string> {
  return sealText(await openText(held.share, keyFrom(ring, held.share_key_id).age), recovery.recipient)
}

/** The channel's key with this recipient, from shares that were given. Throws ElsewhereAsked, or when the shares give another key. */
export async function joinGiven(recovery: string, given: readonly { share: string }[], recipient: string, ring: Keyring): Promise<string> {
  const sealed = remembered(place(recovery))
  if (sealed === undefined) throw new ElsewhereAsked()
  const [first, ...more] = [...ring.values()].map((key) => key.age)
  if (!first) throw new KeyTrouble('none')
  const identity = await openText(sealed, first, ...more)
  return joinShares(await Promise.all(given.map((one) => openText(one.share, identity))), recipient)
}

/** Forgets the asker's half, after the recovery has ended. */
export const forgetRecovery = (recovery: string): void => remember(place(recovery), undefined)
