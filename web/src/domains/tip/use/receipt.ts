// SPDX-License-Identifier: Apache-2.0

import { ApiError, asApiError } from '@/shared/api'
import { toHex, utf8 } from '@/shared/crypto/bytes'
import { leafHash, sha256 } from '@/shared/crypto/digest'
import { logText, type TipAnswer, type TipRule } from '../api'

/**
 * What an informant keeps: enough to show to anybody, without any network, that the tip
 * was taken. It holds neither the query code nor a word of the tip.
 */
export interface Receipt {
  kind: 'anlan-tip-receipt/v1'
  no: string
  received_hour: string
  /** Text of the leaf in the public log. */
  leaf: string
  /** Signed note: the leaf will be in the log by a time. */
  promise: string
  /** c2sp.org/tlog-proof@v1: it is. "" until the log has grown. */
  proof: string
  opening: TipAnswer['opening']
  /** tlog-policy that the phone saw, and its SHA-256 in hex, to be compared with one in print. */
  policy: string
  policy_sha256: string
  rules: TipRule[]
}

/** `leaf` is its text; '' when the answer did not fit, and then there is no proof to ask for. */
export function receiptOf(answer: TipAnswer, leaf: string, policy: string): Receipt {
  return {
    kind: 'anlan-tip-receipt/v1',
    no: answer.no,
    received_hour: answer.received_hour,
    leaf,
    promise: answer.promise,
    proof: '',
    opening: answer.opening,
    policy,
    policy_sha256: toHex(sha256(utf8(policy))),
    rules: answer.rules ?? [],
  }
}

/** Milliseconds before the log is asked first, between two tries, and how often it is asked: a leaf may wait a minute for company. */
const firstWait = 2_000
const nextWait = 5_000
const tries = 24

/** The proof that a leaf (text) is in the log, as soon as it is. Rejects when it does not come in two minutes. */
export async function proofOf(leaf: string, signal: AbortSignal): Promise<string> {
  const name = `proof/${toHex(leafHash(utf8(leaf)))}`
  for (let n = 0; n < tries; n++) {
    await pause(n === 0 ? firstWait : nextWait, signal)
    try {
      return await logText(name)
    } catch (thrown) {
      if (!asApiError(thrown).passing) throw thrown
    }
  }
  throw new ApiError(503, 'unavailable')
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('aborted', 'AbortError'))
    })
  })
}

/** Gives the receipt to the browser as a file. */
export function saveReceipt(receipt: Receipt): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(receipt, null, 1)}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${receipt.no}.receipt.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
