// SPDX-License-Identifier: Apache-2.0

import { expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { memoryCupboard } from '@/shared/store'
import type { Desk } from './desk'
import { limits, newDraft, type Draft } from './draft'
import { draftsIn, type Drafts } from './drafts'
import { usePhotos, videoFault, type Photos } from './photos'

const film = (size = 4, type = 'video/mp4'): File => new File([new Uint8Array(size)], 'a.mp4', { type })

function open(draft: Draft, drafts: Drafts): Photos {
  const outbox = { photos: new Map(), carePhotos: vi.fn() }
  return effectScope().run(() => usePhotos({ drafts, outbox } as unknown as Desk, ref(draft))) as Photos
}

it.each([
  [{ type: 'video/quicktime', size: 1 }, 'notMp4'],
  [{ type: '', size: 1 }, 'notMp4'],
  [{ type: 'video/mp4', size: limits.videoBytes + 1 }, 'tooLarge'],
  [{ type: 'video/mp4', size: limits.videoBytes }, undefined],
])('%o as a video: %s', (file, fault) => expect(videoFault(file)).toBe(fault))

it('takes one video, which takes no room of the photos', async () => {
  const photos = open(newDraft(''), draftsIn(memoryCupboard(), true))
  await photos.addVideo(film())
  await photos.addVideo(film())
  expect(photos.shown.value.map((p) => p.kind)).toEqual(['video'])
  await photos.addVideo(film(4, 'video/quicktime'))
  expect(photos.notAdded.value).toEqual([{ kind: 'notMp4', name: 'a.mp4' }])
})

it('says so when a video was lost with the page', async () => {
  const draft = { ...newDraft(''), photos: [{ id: 'v', kind: 'video' as const }] }
  const photos = open(draft, draftsIn(memoryCupboard(), true))
  await vi.waitFor(() => expect(photos.notAdded.value).toEqual([{ kind: 'videoGone' }]))
  expect(photos.shown.value).toEqual([])
})

it('keeps a video that the server has', async () => {
  const draft = { ...newDraft(''), photos: [{ id: 'v', kind: 'video' as const, sent: { id: 'e', key: 'k' } }] }
  const photos = open(draft, draftsIn(memoryCupboard(), true))
  await vi.waitFor(() => expect(photos.shown.value.map((p) => p.state)).toEqual(['sent']))
  expect(photos.notAdded.value).toEqual([])
})
