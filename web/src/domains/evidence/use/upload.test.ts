// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refusal, usePictures, mostBytes, mostPhotos } from './upload'

const photo = (name = 'a.jpg', type = 'image/jpeg'): File => new File(['x'], name, { type })

beforeEach(() => {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: () => undefined }))
})
afterEach(() => vi.unstubAllGlobals())

it.each([
  ['image/jpeg', 1, undefined],
  ['image/svg+xml', 1, 'unsupported_media_type'],
  ['image/png', mostBytes + 1, 'too_large'],
])('looks at %s of %d bytes before sending', (type, size, key) => {
  expect(refusal({ type, size })?.key).toBe(key)
})

it('sends a picture again under the same key after a lost answer', async () => {
  const keys: unknown[] = []
  const answers = [
    () => Promise.reject(new TypeError('lost')),
    async () => new Response(JSON.stringify({ id: 'e1', key: 'k1' }), { status: 201 }),
  ]
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    keys.push((init.headers as Record<string, string>)['Idempotency-Key'])
    return answers.shift()?.()
  })
  const { pictures, add, retry } = usePictures()
  add([photo()])
  await vi.waitFor(() => expect(pictures.value[0]?.error?.key).toBe('network'))
  const failed = pictures.value[0]
  if (failed) retry(failed)
  await vi.waitFor(() => expect(pictures.value[0]?.ref).toMatchObject({ id: 'e1', key: 'k1' }))
  expect(pictures.value[0]?.error).toBeUndefined()
  expect(keys[0]).toBe(keys[1])
})

it('takes no more than the limit', () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
  const { pictures, add } = usePictures()
  add(Array.from({ length: mostPhotos + 3 }, (_, i) => photo(`${i}.jpg`)))
  expect(pictures.value).toHaveLength(mostPhotos)
})
