// SPDX-License-Identifier: Apache-2.0

import { api, ApiError, ok, sendBytes } from '@/shared/api'

/** Proof that an uploaded file is ours to attach. */
export interface EvidenceRef {
  id: string
  key: string
}

/** A large upload that has begun and can be continued. */
export interface Resume {
  id: string
  key: string
}

export interface Upload {
  file: Blob
  /** Idempotency key: the same file sent twice under it is stored once. */
  key: string
  resume?: Resume | undefined
  /** Called when a large upload has begun, to keep what continues it; undefined when that was lost. */
  onResume?: (resume: Resume | undefined) => void
  /** Called with the part that has arrived, 0 to 100. */
  onProgress?: (percent: number) => void
}

/** Files up to this many bytes go in one request; larger ones in pieces that can be continued. */
export const oneRequest = 1 << 20

/** Bytes of one piece: a few seconds on a slow line. */
const piece = 256 << 10

/** Sends a JPEG to the evidence store. Throws an ApiError; after a passing one, call it again with the same key. */
export async function upload(task: Upload): Promise<EvidenceRef> {
  if (task.file.size > oneRequest) return uploadInPieces(task)
  const { id, key } = await sendBytes<EvidenceRef>({
    method: 'POST',
    url: '/api/v1/evidence',
    body: task.file,
    headers: { 'Content-Type': task.file.type, 'Idempotency-Key': task.key },
    onProgress: (sent) => task.onProgress?.(percent(sent, task.file.size)),
  })
  return { id, key }
}

interface Arrived {
  offset: number
  evidence?: EvidenceRef
}

async function uploadInPieces(task: Upload): Promise<EvidenceRef> {
  const resume = task.resume ?? (await begin(task))
  let arrived: Arrived = { offset: task.resume ? await offsetOf(task, resume) : 0 }
  while (!arrived.evidence) {
    arrived = await sendPiece(task, resume, arrived.offset)
  }
  return { id: arrived.evidence.id, key: arrived.evidence.key }
}

async function begin(task: Upload): Promise<Resume> {
  const { id, key } = await ok(
    api.POST('/api/v1/evidence/uploads', {
      body: { bytes: task.file.size, type: 'image/jpeg' },
      params: { header: { 'Idempotency-Key': task.key } },
    }),
  )
  task.onResume?.({ id, key })
  return { id, key }
}

async function offsetOf(task: Upload, { id, key }: Resume): Promise<number> {
  try {
    return (await ok(api.GET('/api/v1/evidence/uploads/{id}', { params: { path: { id }, query: { key } } }))).offset
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) task.onResume?.(undefined) // gone: the next try begins anew
    throw thrown
  }
}

function sendPiece(task: Upload, { id, key }: Resume, offset: number): Promise<Arrived> {
  return sendBytes<Arrived>({
    method: 'PUT',
    url: `/api/v1/evidence/uploads/${id}?${new URLSearchParams({ offset: String(offset), key })}`,
    body: task.file.slice(offset, offset + piece),
    headers: { 'Content-Type': 'application/octet-stream' },
    onProgress: (sent) => task.onProgress?.(percent(offset + sent, task.file.size)),
  })
}

function percent(sent: number, all: number): number {
  return Math.min(100, Math.floor((sent / all) * 100))
}
