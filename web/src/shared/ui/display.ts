// SPDX-License-Identifier: Apache-2.0

import { ref } from 'vue'
import { remember, remembered } from '@/shared/memory'

/** Whether the large-text mode for old eyes is on. */
export const large = ref(false)

/** Turns large text on or off and remembers it. */
export function setLarge(on: boolean): void {
  large.value = on
  if (on) document.documentElement.dataset.size = 'large'
  else delete document.documentElement.dataset.size
  remember('size', on ? 'large' : undefined)
}

/** Applies the text size chosen on an earlier visit. */
export function restoreSize(): void {
  if (remembered('size') === 'large') setLarge(true)
}
