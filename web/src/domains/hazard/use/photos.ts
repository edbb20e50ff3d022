// SPDX-License-Identifier: Apache-2.0

import { computed, onScopeDispose, reactive, ref, type ComputedRef, type Ref } from 'vue'
import { newKey, type ApiError } from '@/shared/api'
import { cleanPhoto } from '@/shared/media/photo'
import type { Desk } from './desk'
import { limits, type Draft, type DraftPhoto } from './draft'

/** A photo or video as the picker shows it. */
export interface ShownPhoto {
  id: string
  kind: 'photo' | 'video'
  url: string
  state: 'kept' | 'sending' | 'sent' | 'failed' | 'refused'
  percent?: number
}

/** Why chosen files were not added. */
export type NotAdded =
  | { kind: 'unreadable' | 'notMp4' | 'tooLarge'; name: string }
  | { kind: 'tooMany' | 'full' | 'videoGone' }

export interface Photos {
  shown: ComputedRef<ShownPhoto[]>
  /** How many files are being made ready. */
  reading: Ref<number>
  notAdded: Ref<NotAdded[]>
  /** What the server said of photos that it does not take. */
  refusals: ComputedRef<ApiError[]>
  add: (files: readonly File[]) => Promise<void>
  addVideo: (file: File) => Promise<void>
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
      const photosIn = draft.value.photos.length - videosOf(draft.value).length
      draft.value.photos.splice(photosIn, 0, { id }) // a video comes last: photos do not wait for it
      await drafts.saveWithPhoto(draft.value, id, blob).catch(() => notAdded.value.push({ kind: 'full' }))
    } catch {
      notAdded.value.push({ kind: 'unreadable', name: file.name })
    } finally {
      reading.value--
    }
  }

  /** A video is sent as it is: the server takes out what is hidden in it. */
  async function addVideo(file: File): Promise<void> {
    const fault = videoFault(file)
    notAdded.value = fault ? [{ kind: fault, name: file.name }] : []
    if (fault || videosOf(draft.value).length >= limits.videos) return
    const id = newKey()
    urls.set(id, URL.createObjectURL(file))
    draft.value.photos.push({ id, kind: 'video' })
    await drafts.saveWithVideo(draft.value, id, file).catch(() => undefined) // it is sent from this page anyway
    sendAhead()
  }

  async function add(files: readonly File[]): Promise<void> {
    const room = limits.photos - (draft.value.photos.length - videosOf(draft.value).length) - reading.value
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

  /** A video that was not sent before the page was closed is not on this phone's shelf. */
  async function giveUp(id: string): Promise<void> {
    await remove(id)
    notAdded.value.push({ kind: 'videoGone' })
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
    for (const photo of [...draft.value.photos]) {
      const picture = await drafts.picture(photo.id)
      if (picture) urls.set(photo.id, URL.createObjectURL(picture))
      else if (photo.kind === 'video' && !photo.sent) await giveUp(photo.id)
    }
    sendAhead()
  }

  void showKept()
  onScopeDispose(() => {
    leave.abort()
    for (const id of [...urls.keys()]) forget(id)
  })

  return {
    shown: computed(() => draft.value.photos.map((p) => ({ id: p.id, kind: p.kind ?? 'photo', url: urls.get(p.id) ?? '', ...stateOf(p, outbox) }))),
    reading,
    notAdded,
    refusals: computed(() => refusalsOf(draft.value, outbox)),
    add,
    addVideo,
    remove,
    retry,
  }
}

const videosOf = (draft: Draft): DraftPhoto[] => draft.photos.filter((p) => p.kind === 'video')

/** Why a file cannot be sent as a video; undefined when nothing speaks against it. */
export function videoFault(file: Pick<File, 'type' | 'size'>): 'notMp4' | 'tooLarge' | undefined {
  if (file.type !== 'video/mp4') return 'notMp4'
  return file.size > limits.videoBytes ? 'tooLarge' : undefined
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
