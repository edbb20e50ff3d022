// SPDX-License-Identifier: Apache-2.0

import { watch } from 'vue'
import { reconnect } from '@/shared/realtime'
import { followChannels } from '@/shared/realtime/follow'
import { me } from './session'

/** The places in which I have a role, without those that lie in another of them. */
export function myPlaces(): string[] {
  const places = [...new Set((me.value?.roles ?? []).flatMap((held) => held.scope.place ?? []))]
  return places.filter((path) => !places.some((other) => other !== path && path.startsWith(other)))
}

/** The name of a place in which I have a role; "" for any other. */
export function nameOfMine(path: string): string {
  return me.value?.roles.find((held) => held.scope.place === path)?.scope.place_name ?? ''
}

/** The places whose news concern me: those of my roles and, where a role is in a unit, the unit's own. */
export function placesHeard(): string[] {
  const inUnit = me.value?.roles.some((held) => !held.scope.place)
  const unit = inUnit ? me.value?.unit.place : undefined
  const mine = myPlaces()
  return unit && !mine.some((path) => unit.startsWith(path)) ? [...mine, unit] : mine
}

/** Calls `reload` soon after something has moved where I have a role, or may have moved unheard, until the page is left. */
export function onMoved(reload: () => unknown): void {
  followChannels(placesHeard().map((path) => `place:${path}`), reload)
}

/** Who listens is asked once per connection: another person or unit needs a new one. */
export function followIdentity(): void {
  watch(() => me.value && `${me.value.person.id} ${me.value.unit.id}`, () => void reconnect())
}

/** A place's full name without what my own region has in common with it: "长丰镇" for the county's clerk. */
export function localName(name: string): string {
  const prefixes = (me.value?.roles ?? []).flatMap((held) => held.scope.place_name ?? [])
  const longest = prefixes.filter((prefix) => name.startsWith(prefix) && name !== prefix).sort((a, b) => b.length - a.length)[0]
  return longest ? name.slice(longest.length) : name
}
