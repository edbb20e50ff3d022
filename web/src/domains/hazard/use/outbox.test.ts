// SPDX-License-Identifier: Apache-2.0

import { reactive } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/shared/api'
import type { EvidenceRef, Upload } from '@/domains/evidence/use/phoneUpload'
import { memoryCupboard } from '@/shared/store'
import { newDraft, type Draft } from './draft'
import { draftsIn } from './drafts'
import type { Received } from './intake'
import { Outbox, type OutboxPorts } from './outbox'

const received = { no: 'YH-1', query_code: 'AAAA-BBBB', status: 'reported', place_name: '安和县' } as Received
const network = new ApiError(0, 'network')

function setUp(more: Partial<OutboxPorts> = {}): { ports: OutboxPorts; outbox: Outbox } {
  let n = 0
  const ports: OutboxPorts = {
    drafts: draftsIn(memoryCupboard(), true),
    upload: vi.fn(async ({ key }: Upload): Promise<EvidenceRef> => ({ id: `e${++n}`, key: `secret of ${key}` })),
    report: vi.fn(async () => received),
    wait: vi.fn(async () => undefined),
    ...more,
  }
  return { ports, outbox: new Outbox(ports) }
}

async function draftWithPhotos({ drafts }: OutboxPorts, ...photos: string[]): Promise<Draft> {
  const draft = reactive<Draft>({
    ...newDraft(''), danger: false, words: '楼道堵住了', class: 'environment', place: [{ path: 'cn/99/', name: '示范省' }],
  })
  for (const id of photos) {
    draft.photos.push({ id })
    await drafts.saveWithPhoto(draft, id, new Blob([id], { type: 'image/jpeg' }))
  }
  await drafts.save(draft)
  return draft
}

describe('a report', () => {
  it('goes out with its photos and is then forgotten', async () => {
    const { ports, outbox } = setUp()
    const draft = await draftWithPhotos(ports, 'p1', 'p2')
    expect(await outbox.sendReport(draft)).toBe(received)
    expect(ports.report).toHaveBeenCalledWith(
      expect.objectContaining({ evidence: [{ id: 'e1', key: 'secret of p1' }, { id: 'e2', key: 'secret of p2' }] }),
      draft.id,
    )
    expect(await ports.drafts.all()).toEqual([])
    expect(await ports.drafts.picture('p1')).toBeUndefined()
  })

  it('survives lost answers: it is sent again under the same key, photos only once', async () => {
    const report = vi.fn().mockRejectedValueOnce(network).mockRejectedValueOnce(new ApiError(503, 'unavailable')).mockResolvedValue(received)
    const { ports, outbox } = setUp({ report })
    const draft = await draftWithPhotos(ports, 'p1')
    await outbox.sendReport(draft)
    expect(report.mock.calls.map(([, key]) => key)).toEqual([draft.id, draft.id, draft.id])
    expect(ports.upload).toHaveBeenCalledTimes(1)
  })

  it('waits with its reason while there is no network, and stays on the phone', async () => {
    let release = (): void => undefined
    const wait = vi.fn(() => new Promise<void>((resolve) => (release = resolve)))
    const report = vi.fn().mockRejectedValueOnce(network).mockResolvedValue(received)
    const { ports, outbox } = setUp({ wait, report })
    const draft = await draftWithPhotos(ports, 'p1')
    const sending = outbox.sendReport(draft)
    await vi.waitFor(() => expect(outbox.reports.get(draft.id)).toMatchObject({ state: 'waiting', why: network }))
    expect(await ports.drafts.all()).toHaveLength(1)
    release()
    await sending
    expect(outbox.reports.size).toBe(0)
  })

  it('is tried at once when somebody asks', async () => {
    const report = vi.fn().mockRejectedValueOnce(network).mockResolvedValue(received)
    const { ports, outbox } = setUp({ wait: () => new Promise(() => undefined), report })
    const draft = await draftWithPhotos(ports)
    const sending = outbox.sendReport(draft)
    await vi.waitFor(() => expect(outbox.reports.get(draft.id)?.state).toBe('waiting'))
    outbox.hurry()
    expect(await sending).toBe(received)
  })

  it('comes back when the server refuses it', async () => {
    const refused = new ApiError(422, 'invalid')
    const { ports, outbox } = setUp({ report: vi.fn().mockRejectedValue(refused) })
    const draft = await draftWithPhotos(ports, 'p1')
    await expect(outbox.sendReport(draft)).rejects.toBe(refused)
    expect(await ports.drafts.all()).toHaveLength(1)
    expect(ports.wait).not.toHaveBeenCalled()
  })

  it('sends photos anew that the server has swept', async () => {
    const report = vi.fn().mockRejectedValueOnce(new ApiError(422, 'evidence.unknown_ref')).mockResolvedValue(received)
    const { ports, outbox } = setUp({ report })
    const draft = await draftWithPhotos(ports, 'p1')
    expect(await outbox.sendReport(draft)).toBe(received)
    expect(ports.upload).toHaveBeenCalledTimes(2)
    expect(report.mock.lastCall?.[0]).toMatchObject({ evidence: [{ id: 'e2' }] })
  })

  it('goes without a picture that the phone has wiped', async () => {
    const { ports, outbox } = setUp()
    const draft = await draftWithPhotos(ports, 'p1')
    draft.photos.push({ id: 'gone' })
    await outbox.sendReport(draft)
    expect(vi.mocked(ports.report).mock.lastCall?.[0]).toMatchObject({ evidence: [{ id: 'e1' }] })
  })

  it('can be given up while it waits', async () => {
    const { ports, outbox } = setUp({
      report: vi.fn().mockRejectedValue(network),
      wait: (_, until) => new Promise((resolve) => until.addEventListener('abort', () => resolve())),
    })
    const draft = await draftWithPhotos(ports)
    const sending = outbox.sendReport(draft)
    await vi.waitFor(() => expect(outbox.reports.get(draft.id)?.state).toBe('waiting'))
    outbox.stop(draft)
    await expect(sending).rejects.toBe(network)
  })
})

describe('a photo', () => {
  it('is sent once, though two ask for it', async () => {
    const { ports, outbox } = setUp()
    const draft = await draftWithPhotos(ports, 'p1')
    const photo = draft.photos[0]
    if (!photo) throw new Error('no photo')
    await Promise.all([outbox.sendPhoto(draft, photo), outbox.sendPhoto(draft, photo)])
    await outbox.sendPhoto(draft, photo)
    expect(ports.upload).toHaveBeenCalledTimes(1)
  })

  it('shows how far it is, and why it failed', async () => {
    const seen: unknown[] = []
    const refused = new ApiError(415, 'evidence.not_a_picture')
    const { ports, outbox } = setUp({
      upload: async ({ onProgress }) => {
        onProgress?.(40)
        seen.push(outbox.photos.get('p1'))
        throw refused
      },
    })
    const draft = await draftWithPhotos(ports, 'p1')
    await outbox.carePhotos(draft, new AbortController().signal)
    expect(seen).toEqual([{ state: 'sending', percent: 40 }])
    expect(outbox.photos.get('p1')).toEqual({ state: 'failed', why: refused })
  })

  it('goes out ahead of the report, and is tried again by itself', async () => {
    const upload = vi.fn().mockRejectedValueOnce(network).mockResolvedValue({ id: 'e1', key: 'k1' })
    const { ports, outbox } = setUp({ upload })
    const draft = await draftWithPhotos(ports, 'p1', 'p2')
    await outbox.carePhotos(draft, new AbortController().signal)
    expect(draft.photos.map((p) => p.sent?.id)).toEqual(['e1', 'e1'])
    expect((await ports.drafts.all())[0]?.photos[1]?.sent).toEqual({ id: 'e1', key: 'k1' })
  })

  it('keeps what continues a large upload', async () => {
    const { ports, outbox } = setUp({
      upload: async ({ onResume }) => {
        onResume?.({ id: 'u1', key: 'k' })
        throw new ApiError(422, 'invalid')
      },
    })
    const draft = await draftWithPhotos(ports, 'p1')
    await outbox.carePhotos(draft, new AbortController().signal)
    expect((await ports.drafts.all())[0]?.photos[0]?.resume).toEqual({ id: 'u1', key: 'k' })
  })
})
