// SPDX-License-Identifier: Apache-2.0

/**
 * Sends drafts and their photos until the server has confirmed them. Everything is
 * on the phone before it is sent and stays there until then; every request carries
 * the key made with the draft, so a lost answer does no harm.
 */
import { reactive } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import type { EvidenceRef, Upload } from '@/domains/evidence/use/phoneUpload'
import type { PublicReport, Received } from './intake'
import { toReport, type Draft, type DraftPhoto } from './draft'
import type { Drafts } from './drafts'
import { persist, type Persistence } from './retry'

export interface OutboxPorts {
  drafts: Drafts
  upload: (task: Upload) => Promise<EvidenceRef>
  report: (body: PublicReport, key: string) => Promise<Received>
  wait: Persistence['wait']
}

/** How far a photo is, while it is not simply kept or sent. */
export type PhotoWay = { state: 'sending'; percent: number } | { state: 'failed'; why: ApiError }

/** How far a queued report is. */
export interface ReportWay {
  state: 'sending' | 'waiting'
  why?: ApiError
}

export class Outbox {
  /** By photo id. */
  readonly photos = reactive(new Map<string, PhotoWay>())
  /** By draft id. */
  readonly reports = reactive(new Map<string, ReportWay>())

  readonly #ports: OutboxPorts
  readonly #running = new Map<string, Promise<void>>()
  readonly #caring = new Set<string>()
  readonly #stops = new Map<string, AbortController>()
  readonly #hurried = new EventTarget()

  constructor(ports: OutboxPorts) {
    this.#ports = ports
  }

  /** Sends one photo, once; who asks again meanwhile gets the same answer. */
  sendPhoto(draft: Draft, photo: DraftPhoto): Promise<void> {
    if (photo.sent) return Promise.resolve()
    const running = this.#running.get(photo.id) ?? this.#sendPhoto(draft, photo).finally(() => this.#running.delete(photo.id))
    this.#running.set(photo.id, running)
    return running
  }

  /**
   * Sends the draft's photos while it is still being written, and tries again those
   * that failed for a passing reason. A photo that the server refuses stays failed.
   */
  async carePhotos(draft: Draft, until: AbortSignal): Promise<void> {
    if (this.#caring.has(draft.id)) return
    this.#caring.add(draft.id)
    try {
      await persist(() => this.#sendPhotos(draft), { wait: this.#wait, until, onPause: () => undefined })
    } catch {
      // Stopped: what is not sent goes out with the report.
    } finally {
      this.#caring.delete(draft.id)
    }
  }

  /** Sends the draft's photos one after the other, then the report. Tries until it works; throws what trying cannot cure. */
  async sendReport(draft: Draft): Promise<Received> {
    const stop = new AbortController()
    this.#stops.set(draft.id, stop)
    try {
      return await persist(() => this.#sendReport(draft), {
        wait: this.#wait,
        onPause: (why) => this.reports.set(draft.id, { state: 'waiting', why }),
        until: stop.signal,
      })
    } finally {
      this.#stops.delete(draft.id)
      this.reports.delete(draft.id)
    }
  }

  /** Ends all pauses: somebody wants it to be tried now. */
  hurry(): void {
    this.#hurried.dispatchEvent(new Event('hurry'))
  }

  /** Gives up sending a report; sendReport throws. */
  stop(draft: Draft): void {
    this.#stops.get(draft.id)?.abort()
  }

  readonly #wait: Persistence['wait'] = (ms, until) =>
    Promise.race([
      this.#ports.wait(ms, until),
      new Promise<void>((resolve) => this.#hurried.addEventListener('hurry', () => resolve(), { once: true })),
    ])

  async #sendPhotos(draft: Draft): Promise<void> {
    for (const photo of draft.photos) {
      await this.sendPhoto(draft, photo).catch((why: ApiError) => {
        if (why.passing) throw why
      })
    }
  }

  async #sendReport(draft: Draft): Promise<Received> {
    this.reports.set(draft.id, { state: 'sending' })
    for (const photo of draft.photos) await this.sendPhoto(draft, photo)
    const received = await this.#report(draft)
    await this.#ports.drafts.drop(draft).catch(() => undefined) // then it is sent again, under the same key
    return received
  }

  async #report(draft: Draft): Promise<Received> {
    try {
      return await this.#ports.report(toReport(draft), draft.id)
    } catch (thrown) {
      // The phone was away for so long that the server has swept the photos: send them anew.
      if (asApiError(thrown).key !== 'evidence.unknown_ref') throw thrown
      for (const photo of draft.photos) {
        delete photo.sent
        await this.sendPhoto(draft, photo)
      }
      return this.#ports.report(toReport(draft), draft.id)
    }
  }

  async #sendPhoto(draft: Draft, photo: DraftPhoto): Promise<void> {
    const { drafts, upload } = this.#ports
    try {
      this.photos.set(photo.id, { state: 'sending', percent: 0 })
      const file = await drafts.picture(photo.id)
      if (!file) return forgetPhoto(draft, photo)
      photo.sent = await upload({
        file,
        key: photo.id,
        resume: photo.resume,
        onProgress: (percent) => this.photos.set(photo.id, { state: 'sending', percent }),
        onResume: (resume) => {
          photo.resume = resume
          void this.#keep(draft)
        },
      })
      this.photos.delete(photo.id)
      await this.#keep(draft)
    } catch (thrown) {
      const why = asApiError(thrown)
      this.photos.set(photo.id, { state: 'failed', why })
      throw why
    }
  }

  /** Stores how far the draft is; a phone without room loses that, not the report. */
  async #keep(draft: Draft): Promise<void> {
    await this.#ports.drafts.save(draft).catch(() => undefined)
  }
}

/** The phone has wiped the picture: the words must not wait for it for ever. */
function forgetPhoto(draft: Draft, photo: DraftPhoto): void {
  draft.photos = draft.photos.filter((p) => p.id !== photo.id)
}
