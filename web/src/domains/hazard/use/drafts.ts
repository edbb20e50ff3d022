// SPDX-License-Identifier: Apache-2.0

import { memoryCupboard, openCupboard, type Cupboard } from '@/shared/store'
import type { Draft } from './draft'

/** The drafts of this phone and their photos. */
export interface Drafts {
  /** Whether they outlive the page. */
  readonly lasting: boolean
  all(): Promise<Draft[]>
  save(draft: Draft): Promise<void>
  /** Keeps the draft and, in the same step, the picture of a photo it names. Rejects when the phone has no room; the picture then lasts as long as the page. */
  saveWithPhoto(draft: Draft, photo: string, picture: Blob): Promise<void>
  /** Keeps the draft and holds a video it names as long as the page lasts: a phone has no room for a second copy of it. */
  saveWithVideo(draft: Draft, video: string, file: Blob): Promise<void>
  picture(photo: string): Promise<Blob | undefined>
  /** Forgets one picture; the draft no longer names it. */
  saveWithoutPhoto(draft: Draft, photo: string): Promise<void>
  /** Forgets a draft and its pictures. */
  drop(draft: Draft): Promise<void>
}

/** Pictures are kept as bytes: Safari has lost Blobs from its storage. */
interface Picture {
  type: string
  bytes: ArrayBuffer
}

let opened: Promise<Drafts> | undefined

/** The drafts of this phone; of this page only, where the browser forbids storage. */
export function openDrafts(): Promise<Drafts> {
  opened ??= openCupboard('anlan-reports', 1, ['drafts', 'pictures']).then(
    (cupboard) => draftsIn(cupboard, true),
    () => draftsIn(memoryCupboard(), false),
  )
  return opened
}

export function draftsIn(cupboard: Cupboard, lasting: boolean): Drafts {
  // Videos, and pictures for which the phone had no room: they last as long as the page.
  const loose = new Map<string, Blob>()
  const keep = (d: Draft): { shelf: string; key: string; put: unknown } => ({ shelf: 'drafts', key: d.id, put: plain(d) })
  return {
    lasting,
    all: () => cupboard.all<Draft>('drafts'),
    save: (d) => cupboard.change([keep(d)]),
    saveWithPhoto: async (d, photo, picture) => {
      loose.set(photo, picture)
      const put: Picture = { type: picture.type, bytes: await picture.arrayBuffer() }
      await cupboard.change([{ shelf: 'pictures', key: photo, put }, keep(d)])
      loose.delete(photo)
    },
    saveWithVideo: (d, video, file) => {
      loose.set(video, file)
      return cupboard.change([keep(d)])
    },
    picture: async (photo) => {
      const kept = await cupboard.get<Picture>('pictures', photo)
      return kept ? new Blob([kept.bytes], { type: kept.type }) : loose.get(photo)
    },
    saveWithoutPhoto: (d, photo) => {
      loose.delete(photo)
      return cupboard.change([{ shelf: 'pictures', drop: photo }, keep(d)])
    },
    drop: (d) =>
      cupboard.change([{ shelf: 'drafts', drop: d.id }, ...d.photos.map((p) => ({ shelf: 'pictures', drop: p.id }))]),
  }
}

/** A copy without Vue's proxies, which cannot be stored. */
function plain(d: Draft): Draft {
  return JSON.parse(JSON.stringify(d)) as Draft
}
