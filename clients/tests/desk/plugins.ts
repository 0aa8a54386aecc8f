/** What a page of the console is mounted with: Element Plus, and a router that goes anywhere. */

import { vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const anywhere = [{ path: "/:rest(.*)", component: { template: "<div />" } }];

export const plugins = [{ install: useElement }, createRouter({ history: createMemoryHistory(), routes: anywhere })];
