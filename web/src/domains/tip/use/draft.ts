// SPDX-License-Identifier: Apache-2.0

/** What an informant is writing. It lives in the page and nowhere else, unless they ask for it. */

export const classes = ['major_hazard', 'illegal', 'concealed_accident', 'general_hazard', 'retaliation', 'other'] as const
export type TipClass = (typeof classes)[number]

/** Limits that the server holds too. */
export const limits = { words: 8000, files: 6, fileBytes: 20 << 20, line: 200, name: 40 } as const

/** A file to be sealed: a photo drawn anew, or another as it is. */
export interface TipFile {
  id: string
  photo: boolean
  name: string
  bytes: Blob
}

export interface TipDraft {
  danger: boolean
  place: { path: string; name: string }[]
  /** Code of a unit that goes with the tip in the open, for its way; '' for none. */
  unitCode: string
  /** Sealed, like everything below but the class. */
  unitName: string
  spot: string
  seen: string
  words: string
  class: TipClass | ''
  named: boolean
  name: string
  phone: string
  files: TipFile[]
}

export function newDraft(danger: boolean, unitCode: string): TipDraft {
  return {
    danger, unitCode, place: [], unitName: '', spot: '', seen: '', words: '', class: '', named: false, name: '', phone: '', files: [],
  }
}

export type TipFault = 'placeMissing' | 'wordsShort' | 'wordsLong' | 'classMissing' | 'nameMissing' | 'phoneOdd'

/** What keeps d from being sent, by input. Empty when nothing does. */
export function faultsOf(d: TipDraft): Partial<Record<'place' | 'words' | 'class' | 'name' | 'phone', TipFault>> {
  const words = Array.from(d.words.trim()).length
  return {
    ...(d.place.length === 0 && { place: 'placeMissing' as const }),
    ...(words < 4 && { words: 'wordsShort' as const }),
    ...(words > limits.words && { words: 'wordsLong' as const }),
    ...(d.class === '' && { class: 'classMissing' as const }),
    ...(d.named && d.name.trim() === '' && { name: 'nameMissing' as const }),
    ...(d.named && !phoneLooksRight(d.phone) && { phone: 'phoneOdd' as const }),
  }
}

export const phoneLooksRight = (phone: string): boolean => /^\+?[\d\s-]{5,20}$/.test(phone.trim())

/** What is sealed, in the order that officers' pages and the hash count on. */
export interface TipContent {
  v: 1
  words: string
  unit_name: string
  spot: string
  seen: string
  name: string
  phone: string
  files: { name: string; type: string; size: number; sha256: string }[]
  /** SHA-256 of the statement and the signers that were believed, hex. */
  statements: string
}

/** The content of a draft but for its files and statements. A name that was typed and then not meant stays here. */
export function contentOf(d: TipDraft): Omit<TipContent, 'files' | 'statements'> {
  const [name, phone] = d.named ? [d.name.trim(), d.phone.trim()] : ['', '']
  return { v: 1, words: d.words.trim(), unit_name: d.unitName.trim(), spot: d.spot.trim(), seen: d.seen.trim(), name, phone }
}
