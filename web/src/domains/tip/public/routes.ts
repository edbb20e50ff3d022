// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/tip', component: () => import('./Tip.vue'), props: (route) => ({ unit: String(route.query.unit ?? '') }) },
  { path: '/follow', component: () => import('./Follow.vue') },
]

export default routes
