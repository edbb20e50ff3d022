// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/units',
    component: () => import('./Units.vue'),
    meta: { title: () => t('units.title'), rail: { group: 'units', order: 10 }, perms: ['org.read'] },
  },
  { path: '/units/new', component: () => import('./UnitEdit.vue'), meta: { title: () => t('unit.add'), perms: ['org.edit'] } },
  { path: '/units/:id', component: () => import('./UnitPage.vue'), meta: { title: () => t('unit.title'), perms: ['org.read'] } },
  { path: '/units/:id/edit', component: () => import('./UnitEdit.vue'), meta: { title: () => t('unit.edit'), perms: ['org.edit'] } },
  { path: '/units/:id/poster', component: () => import('./Poster.vue'), meta: { title: () => t('poster.title'), perms: ['org.read'] } },
  {
    path: '/people',
    component: () => import('./People.vue'),
    meta: { title: () => t('people.title'), rail: { group: 'units', order: 20 }, perms: ['person.read'] },
  },
  { path: '/people/new', component: () => import('./PersonEdit.vue'), meta: { title: () => t('person.add'), perms: ['org.edit'] } },
  { path: '/people/:id', component: () => import('./PersonPage.vue'), meta: { title: () => t('person.title'), perms: ['person.read'] } },
  {
    path: '/people/:id/edit',
    component: () => import('./PersonEdit.vue'),
    meta: { title: () => t('person.edit'), perms: ['org.edit'] },
  },
  {
    path: '/regions',
    component: () => import('./Regions.vue'),
    meta: { title: () => t('regions.title'), rail: { group: 'units', order: 30 }, perms: ['org.read'] },
  },
  {
    path: '/roles',
    component: () => import('./Roles.vue'),
    meta: { title: () => t('roles.title'), rail: { group: 'units', order: 40 }, perms: ['org.grant', 'ledger.read', 'person.read'] },
  },
  {
    path: '/imports',
    component: () => import('./Imports.vue'),
    meta: { title: () => t('imports.title'), rail: { group: 'units', order: 50 }, perms: ['org.import'] },
  },
]

export default routes
