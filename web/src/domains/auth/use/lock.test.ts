// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { minutes, useCountdown } from './lock'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('writes seconds as minutes', () => {
  expect([0, 59, 60, 125].map(minutes)).toEqual(['0:00', '0:59', '1:00', '2:05'])
})

it('counts down to zero and stays there', () => {
  const scope = effectScope()
  const lock = scope.run(useCountdown)
  lock?.start(3)
  expect(lock?.left.value).toBe(3)
  vi.advanceTimersByTime(1000)
  expect(lock?.left.value).toBe(2)
  vi.advanceTimersByTime(60_000)
  expect(lock?.left.value).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
  scope.stop()
})
