// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/report', component: () => import('./Report.vue') },
  { path: '/u/:unit', component: () => import('./Report.vue'), props: true },
  { path: '/report/done/:no', component: () => import('./Done.vue'), props: true },
  { path: '/follow/:code', component: () => import('./Progress.vue'), props: true },
]

export default routes
