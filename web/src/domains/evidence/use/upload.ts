// SPDX-License-Identifier: Apache-2.0

import { ref, type Ref } from 'vue'
import { ApiError, asApiError, newKey } from '@/shared/api'
import { address, post } from '@/shared/console/http'

/** Proves that an uploaded file is ours to attach. */
export interface EvidenceRef {
  id: string
  key: string
}

/** A picture on its way to the server. */
export interface Sending {
  /** Ours, for lists. */
  id: string
  /** Address of the picture on this device. */
  preview: string
  ref?: EvidenceRef | undefined
  error?: ApiError | undefined
}

export const photoTypes = ['image/jpeg', 'image/png', 'image/webp']
export const mostBytes = 20 << 20
export const mostPhotos = 9

/** The address of a stored picture. */
export const pictureAddress = (id: string, variant: 'thumb' | 'large' | 'original'): string => address(`/evidence/${id}/${variant}`)

/** Why a file cannot be sent at all; undefined when it can. */
export function refusal(file: { type: string; size: number }): ApiError | undefined {
  if (!photoTypes.includes(file.type)) return new ApiError(415, 'unsupported_media_type')
  return file.size > mostBytes ? new ApiError(413, 'too_large') : undefined
}

/**
 * Pictures that are chosen here and sent at once, in the background. The original is sent: the
 * server takes place and device out of it, and keeps them sealed. A lost answer may be sent again
 * under the same key without storing the picture twice.
 */
export function usePictures(): {
  pictures: Ref<Sending[]>
  add: (files: Iterable<File>) => void
  retry: (picture: Sending) => void
  remove: (picture: Sending) => void
} {
  const pictures = ref<Sending[]>([])
  const files = new Map<string, { file: File; key: string }>()

  const change = (id: string, part: Partial<Sending>): void => {
    pictures.value = pictures.value.map((one) => (one.id === id ? { ...one, ...part } : one))
  }

  async function send(id: string): Promise<void> {
    const source = files.get(id)
    if (!source) return
    try {
      change(id, { ref: await post<EvidenceRef>('/evidence', source.file, { key: source.key }) })
    } catch (thrown) {
      change(id, { error: asApiError(thrown) })
    }
  }

  function add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      if (pictures.value.length >= mostPhotos) return
      const id = newKey()
      files.set(id, { file, key: id })
      const refused = refusal(file)
      pictures.value = [...pictures.value, { id, preview: URL.createObjectURL(file), ...(refused && { error: refused }) }]
      if (!refused) void send(id)
    }
  }

  function retry(picture: Sending): void {
    change(picture.id, { error: undefined })
    void send(picture.id)
  }

  function remove(picture: Sending): void {
    URL.revokeObjectURL(picture.preview)
    files.delete(picture.id)
    pictures.value = pictures.value.filter((one) => one.id !== picture.id)
  }

  return { pictures, add, retry, remove }
}
