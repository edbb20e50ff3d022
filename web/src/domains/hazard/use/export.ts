// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { address, get, post } from '@/shared/console/http'

export interface Export {
  id: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  done: number
  total: number
}

export type ExportBody = Record<string, string | boolean | string[]>

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

  /** Exports what the list shows under these filters, or the rows picked from it. */
  async function start(asked: ExportBody): Promise<void> {
    if (starting.value) return
    starting.value = true
    error.value = undefined
    try {
      const { id } = await post<{ id: string }>('/hazards/exports', asked)
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

/** Parameters of an address are all text; in a body switches are switches. */
export function asBody(params: Record<string, string>): ExportBody {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value === 'true' ? true : value]))
}
