/** Whether list and ticket have room beside each other. */

import { ref } from "vue";

const asked = typeof matchMedia === "function" ? matchMedia("(min-width: 1600px)") : null;
export const isWide = ref(asked?.matches ?? false);
asked?.addEventListener("change", (event) => (isWide.value = event.matches));
