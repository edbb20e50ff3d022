// SPDX-License-Identifier: Apache-2.0

import { sha256 } from '@noble/hashes/sha2.js'
import { toHex, utf8 } from './bytes'

export interface Puzzle {
  /** Hash that is looked for, hex. */
  challenge: string
  salt: string
  /** Largest number to try. */
  maxnumber: number
}

/** What the search tells: how many numbers it has tried, or the one that fits. */
export type Told = { tried: number } | { found: number | undefined }

/** Numbers between two reports. */
const slice = 10_000

/** The number n of [from, until) for which SHA-256(salt + n) is the challenge. */
function search({ challenge, salt }: Puzzle, from: number, until: number): number | undefined {
  for (let n = from; n < until; n++) {
    if (toHex(sha256(utf8(salt + n))) === challenge) return n
  }
  return undefined
}

/** Tries all numbers of a puzzle in their order, and tells. */
export function searchAll(puzzle: Puzzle, tell: (told: Told) => void): void {
  for (let from = 0; from <= puzzle.maxnumber; from += slice) {
    const found = search(puzzle, from, Math.min(from + slice, puzzle.maxnumber + 1))
    if (found !== undefined) return tell({ found })
    tell({ tried: from + slice })
  }
  tell({ found: undefined })
}
