// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Title of the page, in the language of the page. */
    title?: () => string
  }
}

/** What import.meta.glob gives for the `routes.ts` of each domain, each with its routes as default export. */
export type RouteFiles = Record<string, { default: RouteRecordRaw[] }>

/** All routes of a face. */
export function gather(files: RouteFiles): RouteRecordRaw[] {
  return Object.values(files).flatMap((file) => file.default)
}
