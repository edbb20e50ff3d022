// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/shared/api'
import { pauseAfter, persist, waitForHope } from './retry'

describe('pauseAfter', () => {
  it('doubles, up to a minute', () => {
    const pauses = Array.from({ length: 8 }, (_, n) => pauseAfter(n, undefined, () => 0))
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })
  it('spreads by at most a quarter', () => {
    for (let n = 0; n < 200; n++) {
      const least = pauseAfter(n, undefined, () => 0)
      const pause = pauseAfter(n, undefined)
      expect(pause).toBeGreaterThanOrEqual(least)
      expect(pause).toBeLessThanOrEqual(least * 1.25)
    }
  })
  it('obeys the server when it asks for longer', () => {
    expect(pauseAfter(0, 30, () => 0)).toBe(30_000)
    expect(pauseAfter(5, 1, () => 0)).toBe(60_000)
  })
})

describe('persist', () => {
  const noWait = async (): Promise<void> => undefined
  const network = new ApiError(0, 'network')

  it('goes on until it works, and tells why it pauses', async () => {
    const work = vi.fn().mockRejectedValueOnce(network).mockRejectedValueOnce(new ApiError(503, 'unavailable')).mockResolvedValue('ok')
    const onPause = vi.fn()
    expect(await persist(work, { wait: noWait, onPause, until: new AbortController().signal })).toBe('ok')
    expect(onPause.mock.calls.map(([why]) => (why as ApiError).key)).toEqual(['network', 'unavailable'])
  })

  it('throws what trying again cannot cure', async () => {
    const refused = new ApiError(422, 'invalid')
    const work = vi.fn().mockRejectedValue(refused)
    await expect(persist(work, { wait: noWait, onPause: vi.fn(), until: new AbortController().signal })).rejects.toBe(refused)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('ends when told to', async () => {
    const stop = new AbortController()
    const work = vi.fn().mockRejectedValue(network)
    const wait = async (): Promise<void> => stop.abort()
    await expect(persist(work, { wait, onPause: vi.fn(), until: stop.signal })).rejects.toBe(network)
    expect(work).toHaveBeenCalledTimes(1)
  })
})

describe('waitForHope', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('ends when the time is over', async () => {
    const waiting = waitForHope(5_000, new AbortController().signal)
    await vi.advanceTimersByTimeAsync(5_000)
    await waiting
  })
  it('ends when the network is back', async () => {
    const waiting = waitForHope(60_000, new AbortController().signal)
    window.dispatchEvent(new Event('online'))
    await waiting
    expect(vi.getTimerCount()).toBe(0)
  })
  it('ends when told to', async () => {
    const stop = new AbortController()
    const waiting = waitForHope(60_000, stop.signal)
    stop.abort()
    await waiting
  })
})
