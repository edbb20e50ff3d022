// SPDX-License-Identifier: Apache-2.0

import { computed, onScopeDispose, reactive, ref, type ComputedRef, type Ref } from 'vue'
import { newKey, type ApiError } from '@/shared/api'
import { cleanPhoto } from '@/shared/media/photo'
import type { Desk } from './desk'
import { limits, type Draft, type DraftPhoto } from './draft'

/** A photo as the picker shows it. */
export interface ShownPhoto {
  id: string
  url: string
  state: 'kept' | 'sending' | 'sent' | 'failed' | 'refused'
  percent?: number
}

/** Why chosen files were not added. */
export type NotAdded = { kind: 'unreadable'; name: string } | { kind: 'tooMany' } | { kind: 'full' }

export interface Photos {
  shown: ComputedRef<ShownPhoto[]>
  /** How many files are being made ready. */
  reading: Ref<number>
  notAdded: Ref<NotAdded[]>
  /** What the server said of photos that it does not take. */
  refusals: ComputedRef<ApiError[]>
  add: (files: readonly File[]) => Promise<void>
  remove: (id: string) => Promise<void>
  retry: (id: string) => void
}

/** The photos of a draft: made small, stored, and sent ahead while the words are being typed. */
export function usePhotos(desk: Desk, draft: Ref<Draft>): Photos {
  const { drafts, outbox } = desk
  const urls = reactive(new Map<string, string>())
  const reading = ref(0)
  const notAdded = ref<NotAdded[]>([])
  const leave = new AbortController()
  const find = (id: string): DraftPhoto | undefined => draft.value.photos.find((p) => p.id === id)
  const sendAhead = (): void => void outbox.carePhotos(draft.value, leave.signal)

  async function addOne(file: File): Promise<void> {
    try {
      const { blob } = await cleanPhoto(file)
      const id = newKey()
      urls.set(id, URL.createObjectURL(blob))
      draft.value.photos.push({ id })
      await drafts.saveWithPhoto(draft.value, id, blob).catch(() => notAdded.value.push({ kind: 'full' }))
    } catch {
      notAdded.value.push({ kind: 'unreadable', name: file.name })
    } finally {
      reading.value--
    }
  }

  async function add(files: readonly File[]): Promise<void> {
    const room = limits.photos - draft.value.photos.length - reading.value
    notAdded.value = files.length > room ? [{ kind: 'tooMany' }] : []
    const taken = files.slice(0, Math.max(0, room))
    reading.value += taken.length
    for (const file of taken) await addOne(file) // one at a time: a decoded photo takes 50 MB
    sendAhead()
  }

  async function remove(id: string): Promise<void> {
    draft.value.photos = draft.value.photos.filter((p) => p.id !== id)
    outbox.photos.delete(id)
    forget(id)
    await drafts.saveWithoutPhoto(draft.value, id)
  }

  function forget(id: string): void {
    const url = urls.get(id)
    if (url) URL.revokeObjectURL(url)
    urls.delete(id)
  }

  function retry(id: string): void {
    const photo = find(id)
    if (photo) outbox.sendPhoto(draft.value, photo).then(sendAhead, () => undefined)
  }

  async function showKept(): Promise<void> {
    for (const { id } of draft.value.photos) {
      const picture = await drafts.picture(id)
      if (picture) urls.set(id, URL.createObjectURL(picture))
    }
    sendAhead()
  }

  void showKept()
  onScopeDispose(() => {
    leave.abort()
    for (const id of [...urls.keys()]) forget(id)
  })

  return {
    shown: computed(() => draft.value.photos.map((p) => ({ id: p.id, url: urls.get(p.id) ?? '', ...stateOf(p, outbox) }))),
    reading,
    notAdded,
    refusals: computed(() => refusalsOf(draft.value, outbox)),
    add,
    remove,
    retry,
  }
}

type Ways = Pick<Desk['outbox'], 'photos'>

function stateOf(photo: DraftPhoto, { photos }: Ways): Pick<ShownPhoto, 'state' | 'percent'> {
  const way = photos.get(photo.id)
  if (photo.sent) return { state: 'sent' }
  if (way?.state === 'sending') return { state: 'sending', percent: way.percent }
  if (way?.state === 'failed') return { state: way.why.passing ? 'failed' : 'refused' }
  return { state: 'kept' }
}

function refusalsOf(draft: Draft, { photos }: Ways): ApiError[] {
  return draft.photos.flatMap(({ id }) => {
    const way = photos.get(id)
    return way?.state === 'failed' && !way.why.passing ? [way.why] : []
  })
}
