// SPDX-License-Identifier: Apache-2.0

import { expect, it, vi } from 'vitest'
import { makeIdentity, open, recipientOf, seal } from '@/shared/crypto/age'
import { fromBase64, fromUtf8, toBase64, utf8 } from '@/shared/crypto/bytes'
import { rewrapAll, type Envelope } from './rewrapping'

async function envelopes(n: number, recipient: string): Promise<Envelope[]> {
  const one = async (i: number): Promise<Envelope> => ({ tip_id: `t${i}`, envelope: toBase64(await seal(utf8(await makeIdentity('x25519')), recipient)) })
  return Promise.all(Array.from({ length: n }, (_, i) => one(i)))
}

it('brings every case key under the current key, batch by batch, and counts what it cannot open', async () => {
  const [former, current] = await Promise.all([makeIdentity('x25519'), makeIdentity('x25519')])
  const all = [...(await envelopes(3, await recipientOf(former))), ...(await envelopes(1, await recipientOf(current)))]
  const put: Envelope[] = []
  const run = rewrapAll(former, await recipientOf(current), {
    batch: (cursor) => Promise.resolve({ items: all.slice(Number(cursor), Number(cursor) + 2), next: cursor ? '' : '2' }),
    put: (moved) => Promise.resolve({ done: put.push(...moved) && moved.length }),
  })
  await vi.waitFor(() => expect(run.running).toBe(false))
  expect(run).toMatchObject({ done: 3, unreadable: 1, ended: true, error: undefined })
  const before = await open(fromBase64(all[0]?.envelope ?? ''), former)
  expect(fromUtf8(await open(fromBase64(put[0]?.envelope ?? ''), current))).toBe(fromUtf8(before))
})

it('stops after the batch under way, and says why it failed', async () => {
  const former = await makeIdentity('x25519')
  const recipient = await recipientOf(former)
  const put = () => Promise.resolve({ done: 0 })
  const run = rewrapAll(former, recipient, { batch: () => new Promise((done) => setTimeout(() => done({ items: [], next: 'more' }), 5)), put })
  run.stop()
  await vi.waitFor(() => expect(run.running).toBe(false))
  expect(run.ended).toBe(false)
  const broken = rewrapAll(former, recipient, { batch: () => Promise.reject(new TypeError()), put })
  await vi.waitFor(() => expect(broken.error?.key).toBe('network'))
})
