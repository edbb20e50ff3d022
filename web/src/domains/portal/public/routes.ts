// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./Home.vue') },
  { path: '/about', component: () => import('./About.vue') },
  { path: '/:rest(.*)*', component: () => import('./NotFound.vue') },
]

export default routes
