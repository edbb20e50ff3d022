// SPDX-License-Identifier: Apache-2.0

/** Characters of a query code, as the server makes them: none that is easily misread. */
const spoken = /^[2-9A-HJKMNP-TV-Z]+$/

/** Characters that no query code holds, because they look like others. */
const misread = /[01ILOU]/

/**
 * Reads a query code as people type it: small letters, spaces, dashes, full-width
 * letters of a Chinese keyboard.
 */
export function readCode(typed: string): string {
  return typed.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, '')
}

export type CodeFault = 'empty' | 'misread' | 'strange'

/** What is wrong with a code that has been read, if anything can be seen without asking. */
export function faultOf(code: string): CodeFault | undefined {
  if (code === '') return 'empty'
  if (misread.test(code)) return 'misread'
  return spoken.test(code) ? undefined : 'strange'
}

/** A code in groups of four, as the server writes it: 7KQM-2XWD-9H4T-AB3C. */
export function showCode(code: string): string {
  return readCode(code).match(/.{1,4}/g)?.join('-') ?? ''
}
