// SPDX-License-Identifier: Apache-2.0

/**
 * Sends drafts and their photos until the server has confirmed them. Everything is
 * on the phone before it is sent and stays there until then; every request carries
 * the key made with the draft, so a lost answer does no harm.
 */
import { reactive } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import type { EvidenceRef, Upload } from '@/domains/evidence/use/upload'
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
export interface PhotoWay {
  state: 'sending' | 'failed'
  percent: number
}

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
  readonly #running = new Map<string, Promise<EvidenceRef>>()
  readonly #stops = new Map<string, AbortController>()

  constructor(ports: OutboxPorts) {
    this.#ports = ports
  }

  /** Sends one photo, once; who asks again meanwhile gets the same answer. */
  sendPhoto(draft: Draft, photo: DraftPhoto): Promise<EvidenceRef> {
    if (photo.sent) return Promise.resolve(photo.sent)
    const running = this.#running.get(photo.id) ?? this.#sendPhoto(draft, photo).finally(() => this.#running.delete(photo.id))
    this.#running.set(photo.id, running)
    return running
  }

  /** Sends the draft's photos one after the other, then the report. Tries until it works; throws what trying cannot cure. */
  async sendReport(draft: Draft): Promise<Received> {
    const stop = new AbortController()
    this.#stops.set(draft.id, stop)
    try {
      return await persist(() => this.#sendReport(draft), {
        wait: this.#ports.wait,
        onPause: (why) => this.reports.set(draft.id, { state: 'waiting', why }),
        until: stop.signal,
      })
    } finally {
      this.#stops.delete(draft.id)
      this.reports.delete(draft.id)
    }
  }

  /** Whether a report is on its way. */
  sends(draft: Draft): boolean {
    return this.#stops.has(draft.id)
  }

  /** Gives up sending a report; sendReport throws. */
  stop(draft: Draft): void {
    this.#stops.get(draft.id)?.abort()
  }

  async #sendReport(draft: Draft): Promise<Received> {
    this.reports.set(draft.id, { state: 'sending' })
    for (const photo of draft.photos) await this.sendPhoto(draft, photo)
    const received = await this.#ports.report(toReport(draft), draft.id)
    await this.#ports.drafts.drop(draft)
    return received
  }

  async #sendPhoto(draft: Draft, photo: DraftPhoto): Promise<EvidenceRef> {
    const { drafts, upload } = this.#ports
    try {
      this.photos.set(photo.id, { state: 'sending', percent: 0 })
      const file = await drafts.picture(photo.id)
      if (!file) throw new Error(`picture ${photo.id} is gone`)
      photo.sent = await upload({
        file,
        key: photo.id,
        resume: photo.resume,
        onProgress: (percent) => this.photos.set(photo.id, { state: 'sending', percent }),
        onResume: (resume) => {
          photo.resume = resume
          void drafts.save(draft)
        },
      })
      this.photos.delete(photo.id)
      await drafts.save(draft)
      return photo.sent
    } catch (thrown) {
      this.photos.set(photo.id, { state: 'failed', percent: 0 })
      throw asApiError(thrown)
    }
  }
}
