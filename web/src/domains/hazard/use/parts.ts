// SPDX-License-Identifier: Apache-2.0

import type { Governance } from './hazards'

/** The six parts of a governance plan (令第16号), in the order of the law. */
export const governanceParts: readonly (keyof Governance)[] = ['goals', 'methods', 'resources', 'bodies', 'schedule', 'safeguards']
