// SPDX-License-Identifier: Apache-2.0

import { ref } from 'vue'
import { remember, remembered } from '@/shared/memory'

/** What a reporter got for a report, kept on the phone so that a lost note is no loss. */
export interface Receipt {
  no: string
  code: string
  placeName: string
  /** When this phone got it, ISO 8601. */
  at: string
}

const shelf = 'receipts'
const most = 10

/** The newest receipts of this phone, newest first. */
export const receipts = ref<readonly Receipt[]>(read(remembered(shelf)))

export function keepReceipt(receipt: Receipt): void {
  keep([receipt, ...receipts.value.filter((r) => r.no !== receipt.no)].slice(0, most))
}

/** Wipes all receipts from this phone, for one that others use too. */
export function forgetReceipts(): void {
  keep([])
}

function keep(list: readonly Receipt[]): void {
  receipts.value = list
  remember(shelf, list.length > 0 ? JSON.stringify(list) : undefined)
}

function read(text: string | undefined): readonly Receipt[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isReceipt) : []
  } catch {
    return []
  }
}

function isReceipt(value: unknown): value is Receipt {
  const r = value as Partial<Receipt> | null
  return typeof r?.no === 'string' && typeof r.code === 'string' && typeof r.placeName === 'string' && typeof r.at === 'string'
}
