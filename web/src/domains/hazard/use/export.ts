// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { address, get, post } from '@/shared/console/http'

export interface Export {
  id: string
  state: 'queued' | 'running' | 'done' | 'failed'
  done: number
  total: number
}

const pause = 1000 // ms between looks
const kept = 'anlan.export'

export const exportFile = (id: string): string => address(`/hazards/exports/${id}/file`)

/** An export that the server makes in the background. The page may be left; coming back in the same tab finds it again. */
export function useExport() {
  const current = shallowRef<Export>()
  const error = shallowRef<ApiError>()
  const starting = ref(false)
  let gone = false
  onScopeDispose(() => (gone = true))

  async function follow(id: string): Promise<void> {
    try {
      do {
        current.value = { ...(await get<Export>(`/hazards/exports/${id}`)), id }
        if (current.value.state === 'done' || current.value.state === 'failed') return
        await new Promise((later) => setTimeout(later, pause))
      } while (!gone)
    } catch (thrown) {
      error.value = asApiError(thrown)
      sessionStorage.removeItem(kept)
    }
  }

  /** Exports what the filters give, or only the hazards with these ids. */
  async function start(filters: Record<string, string>, ids: string[]): Promise<void> {
    if (starting.value) return
    starting.value = true
    error.value = undefined
    try {
      const { id } = await post<{ id: string }>('/hazards/exports', ids.length ? { ids } : { filters })
      sessionStorage.setItem(kept, id)
      void follow(id)
    } catch (thrown) {
      error.value = asApiError(thrown)
    } finally {
      starting.value = false
    }
  }

  const earlier = sessionStorage.getItem(kept)
  if (earlier) void follow(earlier)

  return { current, error, starting, start }
}
