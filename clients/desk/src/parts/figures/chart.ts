/** A chart of ECharts in the element that a part names `box`: drawn, drawn again when its data or its room changes, and taken down. */

import type { ECharts } from "echarts/core";
import { onBeforeUnmount, onMounted, useTemplateRef, watch } from "vue";
import { isDark } from "../../state/theme";

export function useChart(
  init: (box: HTMLElement) => ECharts,
  draw: (chart: ECharts) => void,
  data: () => unknown,
): void {
  const box = useTemplateRef<HTMLElement>("box");
  let chart: ECharts | null = null;
  let watcher: ResizeObserver | null = null;

  onMounted(() => {
    chart = init(box.value!);
    watcher = new ResizeObserver(() => chart?.resize());
    watcher.observe(box.value!);
    draw(chart);
  });
  onBeforeUnmount(() => {
    watcher?.disconnect();
    chart?.dispose();
  });
  watch([data, isDark], () => chart && draw(chart));
}
