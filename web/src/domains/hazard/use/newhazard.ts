// SPDX-License-Identifier: Apache-2.0

import type { NewHazard } from './hazards'

/** An empty report: an office's finding in an inspection, or a unit's own check of itself. */
export function newHazard(office: boolean, ownUnit: string): NewHazard {
  return {
    words: '',
    place: '',
    spot: '',
    unit_id: office ? '' : ownUnit,
    class: '',
    danger: false,
    source: office ? 'inspection' : '',
    to_office: false,
  }
}
