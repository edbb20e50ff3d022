// SPDX-License-Identifier: Apache-2.0

/**
 * What this phone keeps of a tip between two visits: the sealed parcel until the server
 * has it, and a draft only when its writer asked for that. Everything else is gone with
 * the page.
 */
import { memoryCupboard, openCupboard, type Cupboard } from '@/shared/store'
import type { TipDraft } from './draft'
import type { Parcel } from './sealing'

const shelf = 'tip'

let opened: Promise<Cupboard> | undefined

function cupboard(): Promise<Cupboard> {
  opened ??= openCupboard('anlan-tip', 1, [shelf]).catch(() => memoryCupboard())
  return opened
}

async function keep(key: string, value: unknown): Promise<boolean> {
  const store = await cupboard()
  return store.change([{ shelf, put: value, key }]).then(() => true, () => false)
}

/** Keeps a parcel until dropParcel. False when there is no room: then it lives as long as the page. */
export const keepParcel = (parcel: Parcel): Promise<boolean> => keep('parcel', parcel)

/** The parcel that an earlier visit could not deliver. */
export const keptParcel = async (): Promise<Parcel | undefined> => (await cupboard()).get<Parcel>(shelf, 'parcel')

export const dropParcel = async (): Promise<void> => (await cupboard()).change([{ shelf, drop: 'parcel' }])

export const keepDraft = (draft: TipDraft): Promise<boolean> => keep('draft', draft)

export const keptDraft = async (): Promise<TipDraft | undefined> => (await cupboard()).get<TipDraft>(shelf, 'draft')

export const dropDraft = async (): Promise<void> => (await cupboard()).change([{ shelf, drop: 'draft' }])

/** Wipes both. */
export const wipe = async (): Promise<void> => (await cupboard()).change([{ shelf, drop: 'parcel' }, { shelf, drop: 'draft' }])
