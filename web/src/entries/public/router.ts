// SPDX-License-Identifier: Apache-2.0

import { nextTick, shallowRef } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { asApiError, type ApiError } from '@/shared/api'
import { wordsReady } from '@/shared/i18n'
import { gather, type RouteFiles } from '@/shared/routes'

export const router = createRouter({
  history: createWebHistory(),
  routes: gather(import.meta.glob('/src/domains/*/public/routes.ts', { eager: true }) as RouteFiles),
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
})

/** Set when the code of a page could not be fetched. */
export const failure = shallowRef<{ error: ApiError; to: RouteLocationNormalized }>()

/** Opens the page whose code could not be fetched once more. */
export async function tryAgain(): Promise<void> {
  const to = failure.value?.to
  failure.value = undefined
  if (to) await router.replace({ path: to.path, query: to.query, force: true })
}

// The page's code is here by now; wait for its English words too, so that it does not flash in Chinese.
router.beforeResolve(() => wordsReady())

router.afterEach(async (to, from, fault) => {
  if (fault) return
  failure.value = undefined
  if (from.matched.length === 0 || to.path === from.path) return
  await nextTick()
  announce()
})

router.onError((thrown, to) => {
  failure.value = { error: asApiError(thrown), to }
})

/** Puts the focus at the beginning of the new page, so that a screen reader starts there. */
function announce(): void {
  const start = document.querySelector<HTMLElement>('main h1') ?? document.getElementById('main')
  start?.setAttribute('tabindex', '-1')
  start?.focus({ preventScroll: true })
}
