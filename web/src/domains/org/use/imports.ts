// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { address, get, post } from '@/shared/console/http'

export type ImportKind = 'units' | 'people'

export interface RowError {
  row: number
  column?: string
  key: string
  args?: Record<string, unknown>
}

export interface Import {
  id: string
  kind: ImportKind
  state: 'checking' | 'ready' | 'committing' | 'done' | 'failed'
  rows: number
  /** Rows read so far. */
  progress: number
  new: number
  changed: number
  same: number
  /** Why it failed: nothing was written. */
  failure?: { key: string; args?: Record<string, unknown> }
  /** How many errors there are; `errors` holds the first of them. */
  errors_n: number
  errors: RowError[] | null
  /** Titles of the columns that were read. */
  columns: string[] | null
  preview: { row: number; action: 'new' | 'changed' | 'same'; cells: string[] }[] | null
}

export const templateAddress = (kind: ImportKind): string => address('/imports/template.xlsx', { kind })
export const exportAddress = (kind: ImportKind): string => address(`/exports/${kind}.xlsx`)

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const pause = 800 // ms between looks at an import that is under way

/** Whether the server is still working on an import. */
export function working(state: Import['state']): boolean {
  return state === 'checking' || state === 'committing'
}

/** One import from the file to the committed rows. Nothing is stored before `commit`, and then all or nothing. */
export function useImport() {
  const current = shallowRef<Import>()
  const error = shallowRef<ApiError>()
  const busy = ref(false)
  let gone = false
  onScopeDispose(() => (gone = true))

  async function follow(start: () => Promise<{ id: string }>): Promise<void> {
    busy.value = true
    error.value = undefined
    try {
      const { id } = await start()
      do {
        current.value = await get<Import>(`/imports/${id}`)
        if (working(current.value.state)) await new Promise((later) => setTimeout(later, pause))
      } while (working(current.value.state) && !gone)
    } catch (thrown) {
      error.value = asApiError(thrown)
    } finally {
      busy.value = false
    }
  }

  const check = (kind: ImportKind, file: File): Promise<void> =>
    follow(() => post(`/imports?kind=${kind}`, new Blob([file], { type: xlsx })))

  async function commit(): Promise<void> {
    const id = current.value?.id
    if (!id) return
    await follow(async () => {
      await post(`/imports/${id}/commit`)
      return { id }
    })
  }

  return { current, error, busy, check, commit, clear: () => (current.value = undefined) }
}
