// SPDX-License-Identifier: Apache-2.0

/** The parts of ECharts that the console draws with. Loaded with the first chart. */
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LineChart, TooltipComponent])

export { init }
