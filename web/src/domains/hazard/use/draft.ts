// SPDX-License-Identifier: Apache-2.0

import { newKey } from '@/shared/api'
import type { EvidenceRef, Resume } from '@/domains/evidence/use/phoneUpload'
import type { PublicReport } from './intake'

/** The four kinds of hazard that a worker can tell apart. */
export const classes = ['person_behaviour', 'equipment_state', 'environment', 'management'] as const

export type HazardClass = (typeof classes)[number]

/** Limits that the server holds too; here they spare a round trip. */
export const limits = { photos: 9, videos: 1, videoBytes: 200 << 20, wordsMin: 4, wordsMax: 2000, spotMax: 200, nameMax: 40 } as const

export interface DraftPhoto {
  /** Also the idempotency key of its upload. */
  id: string
  /** Without it, a photo. */
  kind?: 'video'
  /** Set once the server has it. */
  sent?: EvidenceRef
  /** Set while a large upload is under way. */
  resume?: Resume
}

export interface Position {
  lat: number
  lng: number
  /** Metres. */
  accuracy: number
}

/**
 * A report on this phone, from the first touch until the server has confirmed it.
 * It is plain data: it is stored as it is.
 */
export interface Draft {
  /** Also the idempotency key of the report. */
  id: string
  /** Being written, or to be sent as soon as it can be. */
  state: 'writing' | 'queued'
  /** Whether somebody is in danger now; undefined until asked. */
  danger: boolean | undefined
  photos: DraftPhoto[]
  /** The way down to the place, empty until chosen. */
  place: { path: string; name: string }[]
  /** Code of the unit's QR; empty without one. */
  unitCode: string
  spot: string
  words: string
  class: HazardClass | ''
  position: Position | undefined
  contactName: string
  contactPhone: string
}

export function newDraft(unitCode: string): Draft {
  return {
    id: newKey(),
    state: 'writing',
    danger: undefined,
    photos: [],
    place: [],
    unitCode,
    spot: '',
    words: '',
    class: '',
    position: undefined,
    contactName: '',
    contactPhone: '',
  }
}

/** Whether anything would be lost if d were thrown away. */
export function holdsWork(d: Draft): boolean {
  return d.photos.length > 0 || d.words.trim() !== '' || d.spot.trim() !== ''
}

export type DraftFault = 'placeMissing' | 'wordsShort' | 'wordsLong' | 'classMissing' | 'phoneOdd'

/** What keeps d from being sent, by input. Empty when nothing does. */
export function faultsOf(d: Draft): Partial<Record<'place' | 'words' | 'class' | 'phone', DraftFault>> {
  const words = Array.from(d.words.trim()).length
  return {
    ...(d.place.length === 0 && !d.unitCode && { place: 'placeMissing' as const }),
    ...(words < limits.wordsMin && { words: 'wordsShort' as const }),
    ...(words > limits.wordsMax && { words: 'wordsLong' as const }),
    ...(d.class === '' && { class: 'classMissing' as const }),
    ...(!phoneLooksRight(d.contactPhone) && { phone: 'phoneOdd' as const }),
  }
}

function phoneLooksRight(phone: string): boolean {
  return phone.trim() === '' || /^\+?[\d\s-]{5,20}$/.test(phone.trim())
}

/** The request of a draft without faults whose photos are all sent. */
export function toReport(d: Draft): PublicReport {
  const place = d.place.at(-1)
  if (d.class === '') throw new Error('draft is not complete')
  const phone = d.contactPhone.trim()
  const name = d.contactName.trim()
  return {
    words: d.words.trim(),
    class: d.class,
    danger: d.danger ?? false,
    evidence: d.photos.flatMap((photo) => photo.sent ?? []),
    ...(place && { place: place.path }),
    ...(d.spot.trim() && { spot: d.spot.trim() }),
    ...(d.unitCode && { unit_code: d.unitCode }),
    ...(d.position && { position: d.position }),
    ...((name || phone) && { contact: { name, phone } }),
  }
}
