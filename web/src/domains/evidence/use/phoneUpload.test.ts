// SPDX-License-Identifier: Apache-2.0

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { api, ApiError, sendBytes } from '@/shared/api'
import { leastPiece, mostPiece, nextPiece, oneRequest, upload } from './phoneUpload'

vi.mock('@/shared/api', async (original) => ({
  ...(await original<object>()),
  api: { POST: vi.fn(), GET: vi.fn() },
  sendBytes: vi.fn(),
}))

const small = new Blob(['photo'], { type: 'image/jpeg' })
const large = new Blob([new Uint8Array(oneRequest + 1)], { type: 'image/jpeg' })
const sent = vi.mocked(sendBytes)
const post = vi.mocked(api.POST)
const get = vi.mocked(api.GET)

beforeEach(() => {
  for (const mock of [sent, post, get]) mock.mockReset()
  post.mockResolvedValue({ data: { id: 'u1', key: 'k1', offset: 0 } } as never)
})

/** A server that has `have` bytes and takes pieces in their order. */
function serverWith(have: number): void {
  get.mockResolvedValue({ data: { id: 'u1', key: 'k1', offset: have } } as never)
  sent.mockImplementation(async ({ url, body }) => {
    const offset = Number(new URL(url, 'http://here').searchParams.get('offset'))
    if (offset !== have) throw new ApiError(409, 'evidence.wrong_offset')
    have += body.size
    return { id: 'u1', key: 'k1', offset: have, ...(have === large.size && { evidence: { id: 'u1' } }) }
  })
}

it('sends a small file in one request, under its key', async () => {
  sent.mockImplementation(async ({ onProgress }) => {
    onProgress?.(2)
    return { id: 'e1', key: 'ke', state: 'ready' }
  })
  const onProgress = vi.fn()
  expect(await upload({ file: small, key: 'my-key', onProgress })).toEqual({ id: 'e1', key: 'ke' })
  expect(sent.mock.calls[0]?.[0]).toMatchObject({
    method: 'POST', url: '/api/v1/evidence', headers: { 'Content-Type': 'image/jpeg', 'Idempotency-Key': 'my-key' },
  })
  expect(onProgress).toHaveBeenCalledWith(40)
})

describe('a large file', () => {
  it('goes in pieces that together are the file', async () => {
    serverWith(0)
    const onResume = vi.fn()
    expect(await upload({ file: large, key: 'my-key', onResume })).toEqual({ id: 'u1', key: 'k1' })
    expect(sent.mock.calls.map(([{ body }]) => body.size)).toEqual([262144, 786433])
    expect(onResume).toHaveBeenCalledWith({ id: 'u1', key: 'k1' })
  })

  it.each(['image/jpeg', 'video/mp4'])('says that it is %s', async (type) => {
    serverWith(0)
    await upload({ file: large.slice(0, large.size, type), key: 'my-key' })
    expect(post.mock.calls[0]?.[1]).toMatchObject({ body: { type, bytes: large.size } })
  })

  it('goes on where it stopped', async () => {
    serverWith(524288)
    await upload({ file: large, key: 'my-key', resume: { id: 'u1', key: 'k1' } })
    expect(post).not.toHaveBeenCalled()
    expect(sent.mock.calls.map(([{ body }]) => body.size)).toEqual([262144, 262145])
  })

  it('is here already when only the last answer was lost', async () => {
    get.mockResolvedValue({ data: { id: 'u1', key: 'k1', offset: large.size, evidence: { id: 'u1' } } } as never)
    expect(await upload({ file: large, key: 'my-key', resume: { id: 'u1', key: 'k1' } })).toEqual({ id: 'u1', key: 'k1' })
    expect(sent).not.toHaveBeenCalled()
  })

  it('goes on where it stopped also when the answer to the beginning was lost', async () => {
    serverWith(786432)
    post.mockResolvedValue({ data: { id: 'u1', key: 'k1', offset: 786432 } } as never)
    await upload({ file: large, key: 'my-key' })
    expect(sent.mock.calls.map(([{ body }]) => body.size)).toEqual([262144, 1])
  })

  it('begins anew next time when the server has forgotten it', async () => {
    get.mockRejectedValue(new ApiError(404, 'evidence.unknown_upload'))
    const onResume = vi.fn()
    await expect(upload({ file: large, key: 'my-key', resume: { id: 'u1', key: 'k1' }, onResume })).rejects.toThrow()
    expect(onResume).toHaveBeenCalledWith(undefined)
  })

  it('says how far the whole file is', async () => {
    serverWith(0)
    const shown: number[] = []
    const plain = sent.getMockImplementation()
    sent.mockImplementation(async (bytes) => {
      bytes.onProgress?.(bytes.body.size)
      return plain?.(bytes)
    })
    await upload({ file: large, key: 'my-key', onProgress: (percent) => shown.push(percent) })
    expect(shown).toEqual([24, 100])
  })
})

it.each([
  ['a quick line asks for larger pieces, step by step', leastPiece, 50, leastPiece * 4],
  ['never larger than the most', mostPiece, 50, mostPiece],
  ['a slow line goes back', 1 << 20, 6000, 1 << 19],
  ['never smaller than the least', leastPiece, 20_000, leastPiece],
])('%s', (_, size, took, next) => expect(nextPiece(size, took)).toBe(next))
