// SPDX-License-Identifier: Apache-2.0

import { fromBase64, toBase64, toHex, utf8 } from '@/shared/crypto/bytes'
import { commitment, contentHash, evidenceRoot, leafHash } from '@/shared/crypto/digest'
import { logKeys, openPromise, type LogPromise } from '@/shared/crypto/promise'
import type { TipAnswer } from '../api'
import type { Parcel } from './sealing'

/** Why an answer is no proof that this tip was taken. */
export type AnswerFault = 'content' | 'evidence' | 'commitment' | 'promise'

export class BadAnswer extends Error {
  constructor(readonly fault: AnswerFault) {
    super(fault)
    this.name = 'BadAnswer'
  }
}

/** Classes that a received tip may have in the log: the second is for those that came in a flood. */
const leafClasses = ['tip', 'quarantined']

/**
 * Checks what the server says it has taken against what was sent: the leaf commits to
 * both sealed parts and to the files, and the log has signed that this leaf will be in
 * it. Returns the leaf's text. Throws BadAnswer.
 */
export function checkAnswer(answer: TipAnswer, sent: Parcel, policy: string): string {
  const { salt, content, evidence } = answer.opening
  if (content !== toBase64(contentHash(fromBase64(sent.body.envelope), fromBase64(sent.body.content)))) throw new BadAnswer('content')
  if (evidence !== toBase64(evidenceRoot(sent.files.map((f) => fromBase64(f.sha256))))) throw new BadAnswer('evidence')
  const commit = toBase64(commitment(fromBase64(salt), fromBase64(content), fromBase64(evidence)))
  const leaf = leafClasses.map((name) => leafText(commit, answer.received_hour, name)).find((text) => hashOf(text) === answer.leaf)
  if (leaf === undefined) throw new BadAnswer('commitment')
  if (toHex(promiseOf(answer.promise, policy).leaf) !== answer.leaf) throw new BadAnswer('promise')
  return leaf
}

const hashOf = (leaf: string): string => toHex(leafHash(utf8(leaf)))

/** A leaf as the Go package transparency writes it. */
function leafText(commit: string, hour: string, name: string): string {
  return `anlan/v1 received\ncommit ${commit}\nhour ${hour.slice(0, 13)}Z\nclass ${name}\ndue acceptance\n`
}

function promiseOf(note: string, policy: string): LogPromise {
  try {
    return openPromise(note, logKeys(policy))
  } catch {
    throw new BadAnswer('promise')
  }
}
