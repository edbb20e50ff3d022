// SPDX-License-Identifier: Apache-2.0

import { toHex, utf8 } from '@/shared/crypto/bytes'
import { sha256 } from '@/shared/crypto/digest'

/** A public key in few characters that two people can read to each other: "3f2a 91bc …", eight groups. */
export function fingerprint(key: string): string {
  return toHex(sha256(utf8(key)).slice(0, 16)).match(/.{4}/g)?.join(' ') ?? ''
}
