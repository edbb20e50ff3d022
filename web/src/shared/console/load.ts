// SPDX-License-Identifier: Apache-2.0

import { nextTick, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import type { Page } from './http'

export interface Load<T> {
  /** What was read last; it stays while a newer answer is on its way. */
  data: ShallowRef<T | undefined>
  error: ShallowRef<ApiError | undefined>
  loading: Ref<boolean>
  reload: () => Promise<void>
  /** Reads anew without a sign of it: what is shown stays until there is something newer, and a failure is not told. */
  refresh: () => Promise<void>
}

/** Reads now and whenever `on` changes; only the answer to the last question counts. */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, on?: WatchSource<unknown>): Load<T> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError>()
  const loading = ref(false)
  let running: AbortController | undefined

  async function run(quiet: boolean): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    if (!quiet) loading.value = true
    try {
      const answer = await read(mine.signal)
      if (mine !== running) return
      data.value = answer
      error.value = undefined
    } catch (thrown) {
      if (mine === running && !quiet) error.value = asApiError(thrown)
    } finally {
      if (mine === running) loading.value = false
    }
  }
  const reload = (): Promise<void> => run(false)
  const refresh = (): Promise<void> => run(data.value !== undefined && !loading.value)

  if (on) watch(on, reload)
  void reload()
  onScopeDispose(() => {
    running?.abort()
    running = undefined
  }, true)
  return { data, error, loading, reload, refresh }
}

export interface Paged<T> extends Omit<Load<Page<T>>, 'data'> {
  items: ShallowRef<T[]>
  /** Whether there is a page after the last one shown. */
  more: Ref<boolean>
  /** Adds the next page to the rows shown. */
  loadMore: () => Promise<void>
  /** There is news, but further pages were opened: they are not torn from under the reader, who is told instead. */
  stale: Ref<boolean>
}

/** A list that is read page by page; it begins anew whenever `on` changes. */
export function usePaged<T>(read: (cursor: string, signal: AbortSignal) => Promise<Page<T>>, on?: WatchSource<unknown>): Paged<T> {
  const items = shallowRef<T[]>([])
  const more = ref(false)
  const stale = ref(false)
  let next = ''
  let pages = 0

  const first = useLoad(async (signal) => {
    const page = await read('', signal)
    items.value = page.items ?? []
    next = page.next ?? ''
    pages = 1
    stale.value = false
    more.value = next !== ''
    return page
  }, on)

  async function loadMore(): Promise<void> {
    const from = next
    if (!from || first.loading.value) return
    first.loading.value = true
    try {
      const page = await read(from, new AbortController().signal)
      if (from !== next) return
      items.value = [...items.value, ...(page.items ?? [])]
      next = page.next ?? ''
      pages++
      more.value = next !== ''
    } catch (thrown) {
      first.error.value = asApiError(thrown)
    } finally {
      first.loading.value = false
    }
  }

  async function refresh(): Promise<void> {
    if (pages > 1) stale.value = true
    else await first.refresh()
  }

  return { items, more, loadMore, stale, refresh, error: first.error, loading: first.loading, reload: first.reload }
}

export interface Send {
  sending: Ref<boolean>
  error: ShallowRef<ApiError | undefined>
  /** Runs `work` unless one is running; tells whether it succeeded. */
  send: (work: () => Promise<unknown>) => Promise<boolean>
}

/** A button that is busy cannot hold the focus and lets it fall; it gets it back unless something else has it by then. */
async function giveBack(held: Element | null): Promise<void> {
  await nextTick()
  if (document.activeElement === document.body && held instanceof HTMLElement) held.focus({ preventScroll: true })
}

/** One thing that is sent to the server at a time, with its failure. */
export function useSend(): Send {
  const sending = ref(false)
  const error = shallowRef<ApiError>()
  async function send(work: () => Promise<unknown>): Promise<boolean> {
    if (sending.value) return false
    const held = document.activeElement
    sending.value = true
    error.value = undefined
    try {
      await work()
      return true
    } catch (thrown) {
      error.value = asApiError(thrown)
      return false
    } finally {
      sending.value = false
      void giveBack(held)
    }
  }
  return { sending, error, send }
}
