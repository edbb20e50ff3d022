// SPDX-License-Identifier: Apache-2.0

/** Characters of a query code, by what it is of. They stand here, so that asking for a code fetches nothing that only tips need. */
const lengths = { hazard: 16, tip: 24 } as const

/** What a code that has been read is of, by its length. */
export function kindOfCode(code: string): keyof typeof lengths | undefined {
  if (code.length === lengths.tip) return 'tip'
  return code.length === lengths.hazard ? 'hazard' : undefined
}
