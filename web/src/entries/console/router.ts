// SPDX-License-Identifier: Apache-2.0

import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from 'vue-router'
import { setupNeeded } from '@/domains/auth/use/account'
import { wordsReady } from '@/shared/i18n'
import { gather, type RouteFiles } from '@/shared/routes'
import '@/shared/console/meta'
import { me, readMe } from '@/shared/console/session'
import { t } from './words'

/** All pages of the console, each domain's from its own folder. */
export const routes = gather(import.meta.glob('/src/domains/*/console/routes.ts', { eager: true }) as RouteFiles)

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [...routes, { path: '/:rest(.*)*', name: 'missing', component: () => import('./Missing.vue') }],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

/** Where to go instead: to sign-in, to set-up, or to a new password; undefined lets the page open. */
async function detour(to: RouteLocationNormalized): Promise<RouteLocationRaw | undefined> {
  if (to.meta.bare) return undefined
  if (!me.value && !(await readMe())) {
    if (await setupNeeded()) return '/setup'
    return { path: '/sign-in', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  }
  return me.value?.must_change ? '/new-password' : undefined
}

router.beforeEach((to) => detour(to))

// The page's code is here by now; wait for its English words too, so that it does not flash in Chinese.
router.beforeResolve(() => wordsReady())

router.afterEach((to) => {
  const title = to.meta.title?.()
  document.title = title ? `${title} · ${t('brand')}` : t('brand')
})
