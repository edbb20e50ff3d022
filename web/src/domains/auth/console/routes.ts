// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: () => import('./SignIn.vue'), meta: { bare: true, title: () => t('signIn.title') } },
  { path: '/setup', component: () => import('./Setup.vue'), meta: { bare: true, title: () => t('setup.title') } },
  { path: '/new-password', component: () => import('./NewPassword.vue'), meta: { bare: true, title: () => t('password.title') } },
  {
    path: '/security',
    component: () => import('./Security.vue'),
    meta: { title: () => t('security.title'), rail: { group: 'system', order: 40 } },
  },
  {
    path: '/accounts',
    component: () => import('./Accounts.vue'),
    meta: { title: () => t('accounts.title'), rail: { group: 'system', order: 50 }, perms: ['auth.accounts', 'auth.tokens'] },
  },
  {
    path: '/access-log',
    component: () => import('./AccessLog.vue'),
    meta: { title: () => t('access.title'), rail: { group: 'system', order: 60 }, roles: ['audit_admin'] },
  },
]

export default routes
