// SPDX-License-Identifier: Apache-2.0

import { ready } from '@/shared/crypto/age'
import { toHex, utf8 } from '@/shared/crypto/bytes'
import { sha256 } from '@/shared/crypto/digest'
import { checkPin, type Known } from '@/shared/crypto/pin'
import { directoryOf, Distrust, trustSigners, trustStatement, type Statement } from '@/shared/crypto/statement'
import { channelFor, type TipChannel } from '../api'

/** An office that this phone believes to read what it seals. */
export interface TrustedChannel extends TipChannel {
  statement: Statement
  /** SHA-256 of what was believed, hex. */
  digest: string
  known: Known
}

/**
 * Asks where a tip goes and checks who will be able to read it. Throws Distrust when the
 * server's keys are not those that the office's people have signed, and an ApiError when
 * there is no office (tip.no_channel).
 */
export async function trustedChannel(place: string, unitCode: string): Promise<TrustedChannel> {
  const [answer] = await Promise.all([channelFor(place, unitCode), ready()])
  const { id, statement, signers, hybrid } = answer.channel
  const directory = directoryOf(signers)
  const list = trustSigners(signers, directory)
  const said = trustStatement(statement, list)
  if (said.channel !== id) throw new Distrust('channel')
  if (hybrid && said.kind !== 'hybrid') throw new Distrust('kind')
  const known = await checkPin(directory)
  if (known === 'other') throw new Distrust('directory')
  return { ...answer, statement: said, digest: toHex(sha256(utf8(statement + signers))), known }
}
