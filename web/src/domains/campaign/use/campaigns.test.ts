// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { rebase, type CampaignFields } from './campaigns'

const national: CampaignFields = {
  year: 2026, number: 25, title: '2026年安全生产月', theme: '', summary: '', starts: '2026-06-01', ends: '2026-06-30',
  consultation_day: '2026-06-16', tour_starts: '2026-06-01', tour_ends: '2026-12-31', tour_brand: '', mode: 'both',
}

it('another year brings its own days, and keeps what was typed', () => {
  const next = { ...national, year: 2027, number: 26, title: '2027年安全生产月', starts: '2027-06-01' }
  const now = { ...national, theme: '人人讲安全', title: '示范县安全生产月' }
  expect(rebase(next, national, now)).toEqual({ ...next, theme: '人人讲安全', title: '示范县安全生产月' })
  expect(rebase(next, national, national)).toEqual(next)
})
