// SPDX-License-Identifier: Apache-2.0

import { reactive } from 'vue'
import { expect, it } from 'vitest'
import { memoryCupboard, type Cupboard } from '@/shared/store'
import { newDraft } from './draft'
import { draftsIn } from './drafts'

const picture = (text: string): Blob => new Blob([text], { type: 'image/jpeg' })

it('gives back what was kept, pictures included', async () => {
  const drafts = draftsIn(memoryCupboard(), true)
  const draft = reactive(newDraft('K7M2Q9XA'))
  draft.photos.push({ id: 'p1' })
  await drafts.saveWithPhoto(draft, 'p1', picture('one'))
  draft.words = '楼道堵住了'
  await drafts.save(draft)
  expect(await drafts.all()).toEqual([{ ...draft }])
  const kept = await drafts.picture('p1')
  expect([kept?.type, await kept?.text()]).toEqual(['image/jpeg', 'one'])
})

it('forgets a draft together with its pictures', async () => {
  const drafts = draftsIn(memoryCupboard(), true)
  const draft = { ...newDraft(''), photos: [{ id: 'p1' }, { id: 'p2' }] }
  await drafts.saveWithPhoto(draft, 'p1', picture('one'))
  await drafts.saveWithPhoto(draft, 'p2', picture('two'))
  await drafts.drop(draft)
  expect(await drafts.all()).toEqual([])
  expect(await drafts.picture('p1')).toBeUndefined()
  expect(await drafts.picture('p2')).toBeUndefined()
})

it('keeps a picture for as long as the page when the phone has no room', async () => {
  const full: Cupboard = { ...memoryCupboard(), change: () => Promise.reject(new DOMException('', 'QuotaExceededError')) }
  const drafts = draftsIn(full, true)
  await expect(drafts.saveWithPhoto(newDraft(''), 'p1', picture('one'))).rejects.toThrow()
  expect(await (await drafts.picture('p1'))?.text()).toBe('one')
})

it('holds a video as long as the page lasts, and keeps that the draft has one', async () => {
  const cupboard = memoryCupboard()
  const drafts = draftsIn(cupboard, true)
  const draft = { ...newDraft(''), photos: [{ id: 'v1', kind: 'video' as const }] }
  const film = new Blob(['film'], { type: 'video/mp4' })
  await drafts.saveWithVideo(draft, 'v1', film)
  expect(await drafts.picture('v1')).toBe(film)
  const later = draftsIn(cupboard, true)
  expect((await later.all())[0]?.photos).toEqual([{ id: 'v1', kind: 'video' }])
  expect(await later.picture('v1')).toBeUndefined()
  await drafts.saveWithoutPhoto({ ...draft, photos: [] }, 'v1')
  expect(await drafts.picture('v1')).toBeUndefined()
})
