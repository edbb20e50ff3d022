// SPDX-License-Identifier: Apache-2.0

import { afterEach, describe, expect, it } from 'vitest'
import { setLocale } from './index'
import { dayOf, showDay, showDeadline, showNumber, showShortDay, showTime } from './when'

afterEach(() => setLocale('zh-CN'))

describe('times are those of Beijing', () => {
  it('a moment', () => expect(showTime('2026-06-15T16:30:00Z')).toBe('2026/06/16 00:30'))
  it('the day of a moment', () => {
    expect(dayOf(new Date('2026-06-15T15:59:59Z'))).toBe('2026-06-15')
    expect(dayOf(new Date('2026-06-15T16:00:00Z'))).toBe('2026-06-16')
  })
  it('a plain day stays that day', () => expect(showDay('2026-06-16')).toBe('2026年6月16日'))
  it('a deadline at midnight is the day before', () => {
    expect(showDeadline('2026-06-16T16:00:00Z')).toBe('2026年6月16日')
    expect(showDeadline('2026-06-16T09:00:00Z')).toBe('2026年6月16日')
  })
})

it('speaks English', async () => {
  await setLocale('en')
  expect(showDay('2026-06-16')).toBe('16 June 2026')
  expect(showShortDay('2026-06-16')).toBe('16 June')
  expect(showNumber(1234567)).toBe('1,234,567')
})
