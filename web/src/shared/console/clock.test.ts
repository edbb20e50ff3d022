// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { beijingTime, dayAfter, lastDay, standing } from './clock'

const noon = Date.parse('2026-11-24T12:00:00+08:00')

describe('standing', () => {
  it.each([
    ['', { kind: 'none' }],
    ['not a time', { kind: 'none' }],
    ['2026-11-25T00:00:00+08:00', { kind: 'today' }],
    ['2026-11-24T18:00:00+08:00', { kind: 'today' }],
    ['2026-11-26T00:00:00+08:00', { kind: 'soon', days: 1 }],
    ['2026-11-28T00:00:00+08:00', { kind: 'soon', days: 3 }],
    ['2026-11-29T00:00:00+08:00', { kind: 'later', days: 4 }],
    ['2026-11-24T11:59:59+08:00', { kind: 'overdue', days: 1 }],
    ['2026-11-24T00:00:00+08:00', { kind: 'overdue', days: 1 }],
    ['2026-11-22T00:00:00+08:00', { kind: 'overdue', days: 3 }],
  ])('%s', (due, want) => {
    expect(standing(due, noon)).toEqual(want)
  })

  it('counts Beijing days, not those of UTC', () => {
    const lateEvening = Date.parse('2026-11-24T23:59:00+08:00')
    expect(standing('2026-11-26T00:00:00+08:00', lateEvening)).toEqual({ kind: 'soon', days: 1 })
  })
})

describe('days', () => {
  it('names the day that ends at 24:00', () => {
    expect(lastDay('2026-12-01T16:00:00Z')).toBe('2026-12-01')
  })

  it('shows Beijing time', () => {
    expect(beijingTime('2026-11-24T16:05:00Z')).toBe('2026-11-25 00:05')
    expect(beijingTime(undefined)).toBe('')
  })

  it('adds days', () => {
    expect(dayAfter(noon, 15)).toBe('2026-12-09')
  })
})
