// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makePersonKey, sealPersonKey } from '@/shared/crypto/person'
import { idleTime, keep, keyFrom, keyring, KeyTrouble, lock, openAll } from './keyring'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  lock()
  vi.useRealTimers()
})

it('forgets the keys after ten minutes without a sign, and every sign begins them anew', async () => {
  keep(new Map([['k1', await makePersonKey()]]))
  vi.advanceTimersByTime(idleTime - 1)
  dispatchEvent(new Event('keydown'))
  vi.advanceTimersByTime(idleTime - 1)
  expect(keyring.value?.size).toBe(1)
  vi.advanceTimersByTime(1)
  expect(keyring.value).toBeUndefined()
})

it('opens what the passphrase fits, and wants the current key among it', async () => {
  vi.useRealTimers()
  const [now, before] = await Promise.all([makePersonKey(), makePersonKey()])
  const current = { id: 'now', sealed: await sealPersonKey(now, '河堤纸鸢'), replaced: null }
  const former = { id: 'before', sealed: await sealPersonKey(before, '以前的口令'), replaced: '2026-01-01T00:00:00Z' }
  const ring = await openAll([current, former], '河堤纸鸢')
  expect(keyFrom(ring, 'now')).toEqual(now)
  expect(() => keyFrom(ring, 'before')).toThrow(new KeyTrouble('former'))
  await expect(openAll([current, former], '以前的口令')).rejects.toThrow(new KeyTrouble('passphrase'))
}, 30_000)
