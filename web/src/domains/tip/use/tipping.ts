// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { seal } from '@/shared/crypto/age'
import { toBase64, utf8 } from '@/shared/crypto/bytes'
import { Distrust, type Doubt } from '@/shared/crypto/statement'
import { persist, waitForHope } from '@/domains/hazard/use/retry'
import { logText, postTip, type TipAnswer } from '../api'
import { BadAnswer, checkAnswer, type AnswerFault } from './answer'
import { newDraft, type TipDraft } from './draft'
import { dropDraft, dropParcel, keepParcel, keptDraft, keptParcel, wipe } from './parcel'
import { receiptOf, type Receipt } from './receipt'
import { sealTip, type Parcel } from './sealing'
import { deliver, type Delivery } from './sending'
import { trustedChannel, type TrustedChannel } from './trust'

export interface Arrived {
  answer: TipAnswer
  officeName: string
  code: string
  receipt: Receipt
  /** What was wrong with the answer; undefined when it proves that this tip was taken. */
  fault: AnswerFault | undefined
}

export type Stage = 'opening' | 'waiting' | 'gate' | 'form' | 'sealing' | 'sending' | 'done'

/** Milliseconds that the receipt waits for the keys of the log. */
const patience = 20_000

/** One tip, from the first question to the receipt. */
export function useTipping(unitCode: string) {
  const stage = ref<Stage>('opening')
  const draft = ref<TipDraft>(newDraft(false, unitCode))
  const delivery = shallowRef<Delivery<TipAnswer>>()
  const arrived = shallowRef<Arrived>()
  const failure = shallowRef<ApiError>()
  const doubt = ref<Doubt>()
  const left = shallowRef<Parcel>()
  const gone = new AbortController()
  onScopeDispose(() => gone.abort())

  async function open(): Promise<void> {
    left.value = await keptParcel()
    const kept = await keptDraft()
    if (kept) draft.value = kept
    stage.value = left.value ? 'waiting' : kept ? 'form' : 'gate'
  }

  function answerGate(danger: boolean): void {
    draft.value.danger = danger
    stage.value = 'form'
  }

  /** Seals and sends the draft. It comes back to the form when something is wrong with it. */
  async function submit(): Promise<void> {
    failure.value = doubt.value = undefined
    stage.value = 'sealing'
    try {
      const sealed = await sealTip(draft.value, await channelOf(draft.value))
      await keepParcel(sealed.parcel)
      await dropDraft()
      await send(sealed.parcel, sealed.keys)
    } catch (thrown) {
      if (gone.signal.aborted) return
      if (thrown instanceof Distrust) doubt.value = thrown.doubt
      else failure.value = asApiError(thrown)
      stage.value = 'form'
    }
  }

  async function send(parcel: Parcel, keys?: string): Promise<void> {
    stage.value = 'sending'
    try {
      const answer = await run(parcel)
      await arrive(parcel, answer)
    } catch (thrown) {
      if (asApiError(thrown).key !== 'tip.stale_generation' || !keys) throw await refused(thrown)
      await send(await rewrap(parcel, keys, draft.value), keys)
    }
  }

  function run(parcel: Parcel): Promise<TipAnswer> {
    const now = deliver(parcel.files, (permit) => postTip(parcel.body, permit, parcel.key))
    delivery.value = now
    gone.signal.addEventListener('abort', now.stop)
    return now.done
  }

  async function arrive(parcel: Parcel, answer: TipAnswer): Promise<void> {
    await dropParcel()
    const policy = await patiently(() => logText('policy')).catch(() => '')
    const { leaf, fault } = judge(answer, parcel, policy)
    arrived.value = { answer, code: parcel.code, officeName: parcel.officeName, receipt: receiptOf(answer, leaf, policy), fault }
    draft.value = newDraft(false, '')
    stage.value = 'done'
  }

  /** Tries for a while: the tip has arrived, and must not wait for long for what only checks the answer. */
  function patiently<T>(work: () => Promise<T>): Promise<T> {
    const enough = new AbortController()
    setTimeout(() => enough.abort(), patience)
    gone.signal.addEventListener('abort', () => enough.abort())
    return persist(work, { wait: waitForHope, until: enough.signal, onPause: () => undefined })
  }

  /** Sends what an earlier visit could not. */
  async function resume(): Promise<void> {
    if (!left.value) return
    try {
      await send(left.value)
    } catch (thrown) {
      failure.value = asApiError(thrown)
      stage.value = 'gate'
    }
  }

  async function forget(): Promise<void> {
    delivery.value?.stop()
    await wipe()
    left.value = undefined
    draft.value = newDraft(false, unitCode)
    stage.value = 'gate'
  }

  /** Forgets everything at once, before the page is left. */
  function leave(): void {
    gone.abort()
    arrived.value = undefined
    draft.value = newDraft(false, '')
    stage.value = 'opening'
  }

  void open()
  return { stage, draft, delivery, arrived, failure, doubt, answerGate, submit, resume, forget, leave }
}

const channelOf = (draft: TipDraft): Promise<TrustedChannel> => trustedChannel(draft.place.at(-1)?.path ?? '', draft.unitCode)

/** A parcel that the server will never take is not kept. */
async function refused(thrown: unknown): Promise<ApiError> {
  await dropParcel()
  return asApiError(thrown)
}

/** The office has changed its key meanwhile: the keys of the case are sealed to the new one. The rest stays as it is. */
async function rewrap(parcel: Parcel, keys: string, draft: TipDraft): Promise<Parcel> {
  const to = await channelOf(draft)
  const envelope = toBase64(await seal(utf8(keys), to.statement.recipient))
  const body = { ...parcel.body, channel_id: to.channel.id, generation: to.statement.generation, envelope }
  const fresh = { ...parcel, officeName: to.channel.office_name, body }
  await keepParcel(fresh)
  return fresh
}

function judge(answer: TipAnswer, parcel: Parcel, policy: string): { leaf: string; fault: AnswerFault | undefined } {
  try {
    return { leaf: checkAnswer(answer, parcel, policy), fault: undefined }
  } catch (thrown) {
    return { leaf: '', fault: thrown instanceof BadAnswer ? thrown.fault : 'promise' }
  }
}
