// SPDX-License-Identifier: Apache-2.0

import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'

/** Seconds as minutes and seconds, "2:05". */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Counts down to the moment when one may try again. */
export function useCountdown(): { left: ComputedRef<number>; start: (seconds: number) => void } {
  const until = ref(0)
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined

  function tick(): void {
    now.value = Date.now()
    if (now.value >= until.value) clearInterval(timer)
  }
  function start(seconds: number): void {
    clearInterval(timer)
    now.value = Date.now()
    until.value = now.value + seconds * 1000
    timer = setInterval(tick, 1000)
  }
  onScopeDispose(() => clearInterval(timer))
  return { left: computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1000))), start }
}
