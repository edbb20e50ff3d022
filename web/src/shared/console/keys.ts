// SPDX-License-Identifier: Apache-2.0

import { nextTick, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Keys that belong to whatever is being typed in or chosen. */
function busy(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null
}

/** j and k move through a list, Enter opens; -1 is nothing chosen yet. Rows carry `data-key-row`. */
export function useListKeys(count: () => number, open: (index: number) => void): { current: Ref<number> } {
  const current = ref(-1)

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return
    const step = { j: 1, k: -1 }[event.key]
    if (step) {
      current.value = Math.min(count() - 1, Math.max(0, current.value + step))
      void nextTick(() => document.querySelector(`[data-key-row="${current.value}"]`)?.scrollIntoView({ block: 'nearest' }))
    } else if (event.key === 'Enter' && current.value >= 0 && !onControl(event.target)) {
      open(current.value)
    }
  }

  onMounted(() => addEventListener('keydown', press))
  onBeforeUnmount(() => removeEventListener('keydown', press))
  return { current }
}

/** Enter on a link or button presses that one. */
function onControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button') !== null
}
