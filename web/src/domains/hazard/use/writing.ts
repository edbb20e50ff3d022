// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { newDraft, holdsWork, type Draft } from './draft'
import type { Desk } from './desk'

/** Milliseconds without a key stroke after which the draft is stored. */
const calm = 300

export interface Writing {
  draft: Ref<Draft>
  /** Whether the last change is on the phone; false where the browser forbids storage. */
  kept: Ref<boolean>
  /** Throws the draft away and begins a new one. */
  startOver: () => Promise<void>
}

/**
 * The draft being written for a unit ('' without one), as an earlier visit left it.
 * Every change is stored; leaving the page stores at once.
 */
export async function takeUpWriting(desk: Desk, unitCode: string): Promise<Writing> {
  const left = (await desk.drafts.all()).find((d) => d.state === 'writing' && d.unitCode === unitCode)
  const draft = ref(left ?? newDraft(unitCode))
  const kept = ref(left !== undefined)
  const startOver = async (): Promise<void> => {
    const old = draft.value
    draft.value = newDraft(unitCode)
    await desk.drafts.drop(old)
  }
  return { draft, kept, startOver }
}

/** Stores the draft whenever it has changed, as long as the calling component lives. */
export function keepStored(desk: Desk, { draft, kept }: Writing): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const store = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    if (draft.value.state !== 'writing' || !holdsWork(draft.value)) return
    kept.value = await desk.drafts.save(draft.value).then(() => desk.drafts.lasting, () => false)
  }
  const storeNow = (): void => void (timer !== undefined && store())
  watch(
    draft,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void store(), calm)
    },
    { deep: true },
  )
  window.addEventListener('pagehide', storeNow)
  document.addEventListener('visibilitychange', storeNow)
  onScopeDispose(() => {
    storeNow()
    window.removeEventListener('pagehide', storeNow)
    document.removeEventListener('visibilitychange', storeNow)
  })
}
