// SPDX-License-Identifier: Apache-2.0

import { createRouter, createWebHistory } from 'vue-router'
import { wordsReady } from '@/shared/i18n'
import { gather, type RouteFiles } from '@/shared/routes'

export const router = createRouter({
  history: createWebHistory(),
  routes: gather(import.meta.glob('/src/domains/*/public/routes.ts', { eager: true }) as RouteFiles),
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
})

// The page's code is here by now; wait for its English words too, so that it does not flash in Chinese.
router.beforeResolve(() => wordsReady())
