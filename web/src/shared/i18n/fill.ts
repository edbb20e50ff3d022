// SPDX-License-Identifier: Apache-2.0

export type Values = Readonly<Record<string, unknown>>

/**
 * Puts values into a sentence: `{n}` becomes the value of n, and `{n:photo|photos}`
 * becomes the first word when n is 1, else the second. A value that is missing
 * leaves nothing behind.
 */
export function fill(sentence: string, values?: Values): string {
  return sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = values?.[name]
    if (one !== undefined) return Number(value) === 1 ? one : (many ?? '')
    return value === undefined || value === null ? '' : String(value)
  })
}
