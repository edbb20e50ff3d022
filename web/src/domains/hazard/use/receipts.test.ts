// SPDX-License-Identifier: Apache-2.0

import { afterEach, expect, it } from 'vitest'
import { forgetReceipts, keepReceipt, receipts } from './receipts'

const receipt = (no: string): { no: string; code: string; placeName: string; at: string } => ({
  no, code: 'AAAA', placeName: '安和县', at: '2026-06-16T01:00:00Z',
})

afterEach(forgetReceipts)

it('keeps the newest ten, newest first, each once', () => {
  for (let n = 1; n <= 12; n++) keepReceipt(receipt(`YH-${n}`))
  keepReceipt(receipt('YH-7'))
  expect(receipts.value.map((r) => r.no)).toEqual(['YH-7', ...[12, 11, 10, 9, 8, 6, 5, 4, 3].map((n) => `YH-${n}`)])
  expect(localStorage.getItem('anlan.receipts')).toContain('YH-12')
})

it('leaves nothing behind when wiped', () => {
  keepReceipt(receipt('YH-1'))
  forgetReceipts()
  expect(receipts.value).toEqual([])
  expect(localStorage.getItem('anlan.receipts')).toBeNull()
})
