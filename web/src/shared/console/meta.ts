// SPDX-License-Identifier: Apache-2.0

import type { RouteMeta, RouteRecordRaw } from 'vue-router'
import { can, me } from './session'

/** The entries of the rail, in the order in which they are shown. */
export const groups = ['inbox', 'hazards', 'tips', 'campaigns', 'figures', 'units', 'system'] as const
export type Group = (typeof groups)[number]

declare module 'vue-router' {
  interface RouteMeta {
    /** Where the page stands in the rail; without it the page is reached from others. */
    rail?: { group: Group; order: number }
    /** The page is shown to those who hold one of these permissions. */
    perms?: string[]
    /** The page is shown to those who hold one of these roles. */
    roles?: string[]
    /** The page stands alone, without rail and top bar, and asks for no session. */
    bare?: boolean
  }
}

/** Whether a page is for the signed-in person; the server decides again about what it shows. */
export function mayOpen({ perms = [], roles }: RouteMeta): boolean {
  return can(...perms) && (!roles || Boolean(me.value?.roles.some((held) => roles.includes(held.role))))
}

/** Pages that the signed-in person may open from the rail, in order. */
export function railOf(routes: readonly RouteRecordRaw[]): Record<Group, RouteRecordRaw[]> {
  const shown = routes.filter((route) => route.meta?.rail && mayOpen(route.meta))
  shown.sort((a, b) => (a.meta?.rail?.order ?? 0) - (b.meta?.rail?.order ?? 0))
  const inGroup = (group: Group) => shown.filter((route) => route.meta?.rail?.group === group)
  return Object.fromEntries(groups.map((group) => [group, inGroup(group)])) as Record<Group, RouteRecordRaw[]>
}

/** One thing that the palette found. */
export interface Hit {
  label: string
  note: string
  to: string
}

/** A domain's part of the palette (`console/search.ts`, default export): finds things by what was typed. */
export interface SearchSource {
  perms: string[]
  title: () => string
  find: (words: string, signal: AbortSignal) => Promise<Hit[]>
}
