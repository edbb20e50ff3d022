// SPDX-License-Identifier: Apache-2.0

/**
 * Proof of work as altcha asks for it. The search is our own: SHA-256 in the worker is
 * eight times as fast as asking the browser for each hash, and it can tell how far it is.
 */
import { toBase64, utf8 } from './bytes'
import type { Told } from './search'

export interface Challenge {
  algorithm: string
  challenge: string
  maxnumber: number
  salt: string
  signature: string
}

/**
 * Solves a challenge away from the page's thread and returns the payload for the server.
 * `onProgress` hears the part of the longest possible search that is done, 0 to 1.
 */
export async function solve(challenge: Challenge, onProgress: (part: number) => void, signal: AbortSignal): Promise<string> {
  if (challenge.algorithm.toUpperCase() !== 'SHA-256') throw new Error(`unknown work ${challenge.algorithm}`)
  const number = await searchAway(challenge, onProgress, signal)
  if (number === undefined) throw new Error('the challenge has no solution')
  const { algorithm, challenge: hash, salt, signature } = challenge
  return toBase64(utf8(JSON.stringify({ algorithm, challenge: hash, number, salt, signature })))
}

async function searchAway(challenge: Challenge, onProgress: (part: number) => void, signal: AbortSignal): Promise<number | undefined> {
  const { default: SearchWorker } = await import('./search.worker?worker')
  const worker = new SearchWorker()
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      worker.onerror = () => reject(new Error('the worker failed'))
      worker.onmessage = ({ data }: MessageEvent<Told>) => {
        if ('found' in data) resolve(data.found)
        else onProgress(data.tried / (challenge.maxnumber + 1))
      }
      worker.postMessage(challenge)
    })
  } finally {
    worker.terminate()
  }
}
