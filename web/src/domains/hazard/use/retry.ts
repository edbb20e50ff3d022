// SPDX-License-Identifier: Apache-2.0

import { asApiError, type ApiError } from '@/shared/api'

/** Longest pause between two tries, in milliseconds. */
const longest = 60_000

/**
 * The pause before try n + 1 (n counts from 0): 2 s, 4 s, 8 s … at most a minute,
 * up to a quarter more by chance so that phones do not come back all at once. A
 * server that names a time is obeyed.
 */
export function pauseAfter(n: number, retryAfter: number | undefined, chance: () => number = Math.random): number {
  const own = Math.min(longest, 2_000 * 2 ** Math.min(n, 10))
  const base = Math.max(own, (retryAfter ?? 0) * 1_000)
  return Math.round(base * (1 + chance() / 4))
}

export interface Persistence {
  /** Waits for ms, or until there is reason to hope. Resolves early when aborted. */
  wait: (ms: number, until: AbortSignal) => Promise<void>
  /** Told before each pause: why, and how long at most. */
  onPause: (why: ApiError, ms: number) => void
  until: AbortSignal
}

/**
 * Does work until it succeeds. A failure that cannot pass by itself is thrown, as is
 * the last one when `until` is aborted.
 */
export async function persist<T>(work: () => Promise<T>, { wait, onPause, until }: Persistence): Promise<T> {
  for (let n = 0; ; n++) {
    try {
      return await work()
    } catch (thrown) {
      const why = asApiError(thrown)
      if (!why.passing || until.aborted) throw why
      const ms = pauseAfter(n, why.retryAfter)
      onPause(why, ms)
      await wait(ms, until)
      if (until.aborted) throw why
    }
  }
}

/** Waits for ms, or until the network is back or the reader returns to the page. */
export function waitForHope(ms: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController()
    const end = (): void => {
      clearTimeout(timer)
      done.abort()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const { signal } = done
    window.addEventListener('online', end, { signal })
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && end(), { signal })
    until.addEventListener('abort', end, { signal })
  })
}
