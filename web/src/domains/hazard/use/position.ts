// SPDX-License-Identifier: Apache-2.0

import type { Position } from './draft'

export type PositionFault = 'denied' | 'unavailable' | 'insecure'

/** Asks the device once where it is. Rejects with a PositionFault. */
export function askPosition(): Promise<Position> {
  return new Promise((resolve, reject: (fault: PositionFault) => void) => {
    if (!window.isSecureContext || !('geolocation' in navigator)) {
      reject('insecure')
      return
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude, accuracy: Math.round(coords.accuracy) }),
      (fault) => reject(fault.code === fault.PERMISSION_DENIED ? 'denied' : 'unavailable'),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    )
  })
}
