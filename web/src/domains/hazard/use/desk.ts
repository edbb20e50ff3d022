// SPDX-License-Identifier: Apache-2.0

import { reactive, shallowReactive } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { upload } from '@/domains/evidence/use/phoneUpload'
import { report } from './intake'
import type { Draft } from './draft'
import { openDrafts, type Drafts } from './drafts'
import { Outbox } from './outbox'
import { keepReceipt, type Receipt } from './receipts'
import { waitForHope } from './retry'

/** What this phone has written and still has to send. */
export interface Desk {
  drafts: Drafts
  outbox: Outbox
  /** Reports on their way, oldest first. */
  queued: Draft[]
  /** Reports that arrived while this page was open. */
  arrived: Receipt[]
  /** Why a report came back, by draft id. */
  returned: Map<string, ApiError>
}

let opened: Promise<Desk> | undefined

/** The desk of this page. What an earlier visit left in the queue is sent from now on. */
export function openDesk(): Promise<Desk> {
  opened ??= setUp()
  return opened
}

async function setUp(): Promise<Desk> {
  const drafts = await openDrafts()
  const desk: Desk = {
    drafts,
    outbox: new Outbox({ drafts, upload, report, wait: waitForHope }),
    queued: shallowReactive([]),
    arrived: shallowReactive([]),
    returned: shallowReactive(new Map()),
  }
  for (const kept of await drafts.all()) {
    if (kept.state === 'queued') void send(desk, reactive(kept))
  }
  return desk
}

/**
 * Hands a draft to the queue and sends it. The receipt comes when the server has it;
 * undefined when the report came back (see `returned`), ready to be changed.
 */
export async function send(desk: Desk, draft: Draft): Promise<Receipt | undefined> {
  draft.state = 'queued'
  desk.queued.push(draft)
  desk.returned.delete(draft.id)
  await desk.drafts.save(draft).catch(() => undefined) // a full phone must not keep a report from being sent
  try {
    const { no, query_code, place_name } = await desk.outbox.sendReport(draft)
    const receipt = { no, code: query_code, placeName: place_name, at: new Date().toISOString() }
    keepReceipt(receipt)
    desk.arrived.push(receipt)
    return receipt
  } catch (thrown) {
    draft.state = 'writing'
    desk.returned.set(draft.id, asApiError(thrown))
    await desk.drafts.save(draft).catch(() => undefined)
    return undefined
  } finally {
    desk.queued.splice(desk.queued.indexOf(draft), 1)
  }
}
