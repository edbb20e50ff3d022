// SPDX-License-Identifier: Apache-2.0

import { shallowRef } from 'vue'
import { remember, remembered } from '@/shared/memory'

/** The region that the console is narrowed to; path "" is everything one may see. */
export interface Scope {
  path: string
  name: string
}

const everywhere: Scope = { path: '', name: '' }

export const scope = shallowRef<Scope>(restore())

export function setScope(next: Scope): void {
  scope.value = next
  remember('console.scope', next.path ? JSON.stringify(next) : undefined)
}

function restore(): Scope {
  try {
    const kept: unknown = JSON.parse(remembered('console.scope') ?? 'null')
    if (kept && typeof (kept as Scope).path === 'string' && typeof (kept as Scope).name === 'string') return kept as Scope
  } catch {
    // An unreadable scope is no scope.
  }
  return everywhere
}
