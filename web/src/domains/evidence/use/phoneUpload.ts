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

/** Bytes of the first piece: a few seconds on a slow line. */
export const leastPiece = 256 << 10

/** Bytes of a piece on a quick line; the server takes up to 8 MB. */
export const mostPiece = 4 << 20

/** Milliseconds that a piece should take: longer ones lose too much when the line breaks. */
const pieceTime = 3000

/** Bytes of the next piece after one of size bytes took some milliseconds: at most four times as many, so that one lucky piece does not decide. */
export function nextPiece(size: number, took: number): number {
  const fits = (size * pieceTime) / Math.max(took, 1)
  return Math.round(Math.min(mostPiece, Math.max(leastPiece, Math.min(fits, size * 4))))
}

/** Sends a JPEG or an MP4 to the evidence store. Throws an ApiError; after a passing one, call it again with the same key. */
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

/** What the server has of a file: where the next piece begins, or the whole. The key is that of the upload and of the file. */
interface Arrived extends Resume {
  offset: number
  evidence?: { id: string }
}

async function uploadInPieces(task: Upload): Promise<EvidenceRef> {
  let arrived = task.resume ? await arrivedSoFar(task, task.resume) : await begin(task)
  let piece = leastPiece
  while (!arrived.evidence) {
    const began = performance.now()
    arrived = await sendPiece(task, arrived, piece)
    piece = nextPiece(piece, performance.now() - began)
  }
  return { id: arrived.evidence.id, key: arrived.key }
}

async function begin(task: Upload): Promise<Arrived> {
  const begun = await ok(
    api.POST('/api/v1/evidence/uploads', {
      body: { bytes: task.file.size, type: task.file.type === 'video/mp4' ? 'video/mp4' : 'image/jpeg' },
      params: { header: { 'Idempotency-Key': task.key } },
    }),
  )
  task.onResume?.({ id: begun.id, key: begun.key })
  return begun
}

async function arrivedSoFar(task: Upload, { id, key }: Resume): Promise<Arrived> {
  try {
    return await ok(api.GET('/api/v1/evidence/uploads/{id}', { params: { path: { id }, query: { key } } }))
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) task.onResume?.(undefined) // gone: the next try begins anew
    throw thrown
  }
}

function sendPiece(task: Upload, { id, key, offset }: Arrived, piece: number): Promise<Arrived> {
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
