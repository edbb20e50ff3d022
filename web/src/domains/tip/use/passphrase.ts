// SPDX-License-Identifier: Apache-2.0

/** How hard a passphrase is to guess for somebody who has the sealed key and all the time there is. */

/** too_short and plain are refused, fair is taken, good is what we wish for. */
export type Strength = 'too_short' | 'plain' | 'fair' | 'good'

/** Bits that a character may count, by its kind. A Chinese one is rarely chosen freely, so it counts less than it could. */
const kinds: readonly [RegExp, number][] = [
  [/\p{Script=Han}/u, 8],
  [/[0-9]/, 3],
  [/[a-zA-Z]/, 3.5],
  [/[\s\S]/u, 4],
]

const runs = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const common = ['password', 'anlan', 'admin', '安全生产', '密码', '口令']

const fewest = 8
const fairBits = 42
const goodBits = 60

/** Judges a passphrase; `known` are words that anybody would try first, such as the officer's name. */
export function strengthOf(passphrase: string, known: readonly string[] = []): Strength {
  if (Array.from(passphrase).length < fewest) return 'too_short'
  const bits = bitsOf(withoutKnown(passphrase.toLowerCase(), known))
  if (bits < fairBits) return 'plain'
  return bits < goodBits ? 'fair' : 'good'
}

/** Words that are tried first count like one character. */
function withoutKnown(text: string, known: readonly string[]): string {
  const words = [...common, ...known.map((word) => word.toLowerCase())].filter((word) => word.length > 1)
  return words.reduce((rest, word) => rest.split(word).join('·'), text)
}

/** A character that was there before, or that follows the one before in the alphabet or on the keyboard, counts one bit. */
function bitsOf(text: string): number {
  const letters = Array.from(text)
  return letters.reduce((bits, letter, i) => bits + (letters.indexOf(letter) < i || follows(letters[i - 1], letter) ? 1 : bitsOfOne(letter)), 0)
}

function bitsOfOne(letter: string): number {
  return kinds.find(([kind]) => kind.test(letter))?.[1] ?? 0
}

function follows(before: string | undefined, letter: string): boolean {
  return before !== undefined && runs.some((run) => run.includes(before + letter) || run.includes(letter + before))
}
