// SPDX-License-Identifier: Apache-2.0

import { computed, onScopeDispose, reactive, ref, type ComputedRef, type Ref } from 'vue'
import { newKey } from '@/shared/api'
import { cleanPhoto } from '@/shared/media/photo'
import { limits, type TipFile } from './draft'

/** Why a chosen file was not added. */
export interface NotAdded {
  kind: 'unreadable' | 'tooLarge' | 'wrongType' | 'tooMany'
  name: string
}

export interface ShownFile {
  id: string
  photo: boolean
  name: string
  size: number
  /** Address of the picture; '' for what is none. */
  url: string
}

export interface TipFiles {
  shown: ComputedRef<ShownFile[]>
  reading: Ref<number>
  notAdded: Ref<NotAdded[]>
  add: (files: readonly File[]) => Promise<void>
  remove: (id: string) => void
  /** Puts another picture in the place of one. */
  replace: (id: string, bytes: Blob) => void
}

/** What may be sealed beside photos, by how its type begins, and the ending of its new name. */
const others: [string, (type: string) => string][] = [
  ['application/pdf', () => 'pdf'],
  ['audio/', (type) => type.slice(6).replace(/\W.*/, '')],
  ['video/', (type) => type.slice(6).replace(/\W.*/, '')],
]

/**
 * The files of a tip. Photos are drawn anew: nothing that hides in them is left. No file
 * keeps its name, which often holds a time or a person.
 */
export function useTipFiles(files: Ref<TipFile[]>): TipFiles {
  const urls = reactive(new Map<string, string>())
  const reading = ref(0)
  const notAdded = ref<NotAdded[]>([])

  async function add(chosen: readonly File[]): Promise<void> {
    const room = Math.max(0, limits.files - files.value.length - reading.value)
    notAdded.value = chosen.length > room ? [{ kind: 'tooMany', name: '' }] : []
    const taken = chosen.slice(0, room)
    reading.value += taken.length
    for (const file of taken) await addOne(file) // one at a time: a decoded photo takes 50 MB
  }

  async function addOne(file: File): Promise<void> {
    try {
      const kept = await read(file, files.value.length + 1)
      if ('kind' in kept) notAdded.value.push(kept)
      else files.value.push(kept)
    } finally {
      reading.value--
    }
  }

  function forget(id: string): void {
    const url = urls.get(id)
    if (url) URL.revokeObjectURL(url)
    urls.delete(id)
  }

  function remove(id: string): void {
    forget(id)
    files.value = files.value.filter((f) => f.id !== id)
  }

  function replace(id: string, bytes: Blob): void {
    forget(id)
    files.value = files.value.map((f) => (f.id === id ? { ...f, bytes } : f))
  }

  function urlOf({ id, photo, bytes }: TipFile): string {
    if (photo && !urls.has(id)) urls.set(id, URL.createObjectURL(bytes))
    return urls.get(id) ?? ''
  }

  onScopeDispose(() => [...urls.keys()].forEach(forget))
  const shown = computed(() => files.value.map((f) => ({ id: f.id, photo: f.photo, name: f.name, size: f.bytes.size, url: urlOf(f) })))
  return { shown, reading, notAdded, add, remove, replace }
}

/** A chosen file as it will be sealed, or why it cannot be. */
export async function read(file: File, n: number): Promise<TipFile | NotAdded> {
  if (file.type.startsWith('image/')) return readPhoto(file, n)
  const ending = others.find(([type]) => file.type.startsWith(type))?.[1](file.type)
  if (!ending) return { kind: 'wrongType', name: file.name }
  if (file.size > limits.fileBytes) return { kind: 'tooLarge', name: file.name }
  return { id: newKey(), photo: false, name: `file-${n}.${ending}`, bytes: file }
}

async function readPhoto(file: File, n: number): Promise<TipFile | NotAdded> {
  try {
    const { blob } = await cleanPhoto(file)
    return { id: newKey(), photo: true, name: `photo-${n}.jpg`, bytes: blob }
  } catch {
    return { kind: 'unreadable', name: file.name }
  }
}
