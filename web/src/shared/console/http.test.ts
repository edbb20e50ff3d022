// SPDX-License-Identifier: Apache-2.0

import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/shared/api'
import { address, get, post, postOnce, remedy } from './http'

const answer = (status: number, body: unknown): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status })

function server(...answers: Response[]) {
  const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () => answers.shift() ?? answer(500, {}))
  vi.stubGlobal('fetch', fetched)
  return fetched
}

afterEach(() => vi.unstubAllGlobals())

describe('address', () => {
  it('leaves empty values out', () => {
    expect(address('/hazards', { q: '通道', status: '', limit: 50, cursor: undefined })).toBe(
      '/api/v1/hazards?q=%E9%80%9A%E9%81%93&limit=50',
    )
  })
})

describe('session that ended', () => {
  const expired = { key: 'auth.sign_in', status: 401 }

  it('asks for the password and sends the same again', async () => {
    const ask = vi.fn(async () => undefined)
    remedy('auth.sign_in', ask)
    const fetched = server(answer(401, expired), answer(200, { id: 'h1' }))
    await expect(post('/hazards/h1/steps', { action: 'close' })).resolves.toEqual({ id: 'h1' })
    expect(ask).toHaveBeenCalledOnce()
    expect(fetched.mock.calls[0]).toEqual(fetched.mock.calls[1])
  })

  it('gives the refusal when the person gives up', async () => {
    remedy('auth.sign_in', () => Promise.reject(new Error('closed')))
    server(answer(401, expired))
    await expect(post('/hazards/h1/steps', {})).rejects.toBeInstanceOf(ApiError)
  })

  it('does not ask while signing in', async () => {
    const ask = vi.fn(async () => undefined)
    remedy('auth.sign_in', ask)
    server(answer(401, { key: 'auth.bad_credentials' }))
    await expect(post('/auth/sign-in', {})).rejects.toMatchObject({ key: 'auth.bad_credentials' })
    server(answer(401, expired))
    await expect(get('/me')).rejects.toMatchObject({ key: 'auth.sign_in' })
    expect(ask).not.toHaveBeenCalled()
  })
})

it('tells a lost network from a refusal', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('failed'))))
  await expect(get('/inbox')).rejects.toMatchObject({ status: 0, key: 'network' })
})

it('gives what may be repeated a key', async () => {
  const fetched = server(answer(201, { no: 'A1' }))
  await postOnce('/hazards', { words: '…' }, 'k'.repeat(26))
  expect((fetched.mock.calls[0]?.[1].headers as Record<string, string>)['Idempotency-Key']).toBe('k'.repeat(26))
})
