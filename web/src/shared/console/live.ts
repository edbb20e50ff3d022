// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose } from 'vue'
import { listen } from '@/shared/realtime'
import { me } from './session'

const pause = 1500 // ms: many steps in a row are one reload

/** The places in which I have a role, without those that lie in another of them. */
export function myPlaces(): string[] {
  const places = [...new Set((me.value?.roles ?? []).flatMap((held) => held.scope.place ?? []))]
  return places.filter((path) => !places.some((other) => other !== path && path.startsWith(other)))
}

/** The name of a place in which I have a role; "" for any other. */
export function nameOfMine(path: string): string {
  return me.value?.roles.find((held) => held.scope.place === path)?.scope.place_name ?? ''
}

/** Calls `listener` soon after something has moved where I have a role, until the page is left. */
export function onMoved(listener: () => unknown): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      void listener()
    }, pause)
  }
  const stops = myPlaces().map((path) => listen(`place:${path}`, soon))
  onScopeDispose(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })
}

/** A place's full name without what my own region has in common with it: "长丰镇" for the county's clerk. */
export function localName(name: string): string {
  const prefixes = (me.value?.roles ?? []).flatMap((held) => held.scope.place_name ?? [])
  const longest = prefixes.filter((prefix) => name.startsWith(prefix) && name !== prefix).sort((a, b) => b.length - a.length)[0]
  return longest ? name.slice(longest.length) : name
}
