// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose, reactive, watch } from 'vue'

/** What is kept of a half-written form. */
type Draft = Record<string, unknown>

const prefix = 'anlan.draft.'

/** Reads a draft; {} when there is none or it is unreadable. */
export function readDraft(key: string): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(prefix + key) ?? '{}')
    return kept !== null && typeof kept === 'object' && !Array.isArray(kept) ? (kept as Draft) : {}
  } catch {
    return {}
  }
}

/** Keeps a draft until it is dropped or the tab closes. A full store loses the draft, not the form. */
export function keepDraft(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(prefix + key, JSON.stringify(draft))
  } catch {
    sessionStorage.removeItem(prefix + key)
  }
}

/** Forgets a draft, after the form was sent. */
export function dropDraft(key: string): void {
  sessionStorage.removeItem(prefix + key)
}

/**
 * A form that survives leaving the page. It starts as `initial` overlaid with what was kept under
 * `key`; only fields that `initial` names are taken, so that an older draft cannot add strange ones.
 */
export function useDraft<F extends object>(key: string, initial: F): { form: F; done: () => void } {
  const kept = readDraft(key)
  const known = Object.fromEntries(Object.entries(kept).filter(([name]) => name in initial))
  const form = reactive({ ...structuredClone(initial), ...known }) as F
  let over = false
  const stop = watch(form, (now) => !over && keepDraft(key, now as Draft), { deep: true, flush: 'sync' })
  onScopeDispose(stop, true)
  return {
    form,
    done() {
      over = true
      dropDraft(key)
    },
  }
}
