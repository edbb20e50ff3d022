// SPDX-License-Identifier: Apache-2.0

import { shallowRef, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '../api'

export interface Loaded<T> {
  /** What came last; stays while it is asked for again. */
  data: ShallowRef<T | undefined>
  error: ShallowRef<ApiError | undefined>
  busy: ShallowRef<boolean>
  again: () => Promise<void>
}

/** Asks for what a page shows, now and whenever `again` is called. An answer that a later one has overtaken is dropped. */
export function useLoad<T>(ask: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError>()
  const busy = shallowRef(false)
  let latest = 0

  async function again(): Promise<void> {
    const mine = ++latest
    busy.value = true
    try {
      const answer = await ask()
      if (mine !== latest) return
      data.value = answer
      error.value = undefined
    } catch (thrown) {
      if (mine === latest) error.value = asApiError(thrown)
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  void again()
  return { data, error, busy, again }
}
