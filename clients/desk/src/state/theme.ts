/** Light or dark: as the person chose, else as the computer has it. The page bears the class that Element Plus knows. */

import { ref, watchEffect } from "vue";
import { preferences } from "./preferences";

const asked = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const computerIsDark = ref(asked?.matches ?? false);
asked?.addEventListener("change", (event) => (computerIsDark.value = event.matches));

export const isDark = ref(false);

export function followTheme(): void {
  watchEffect(() => {
    isDark.value = preferences.theme === "dark" || (preferences.theme === "auto" && computerIsDark.value);
    document.documentElement.classList.toggle("dark", isDark.value);
  });
}

/** The colour of this name of style.css as it is now, for what is drawn on a canvas. */
export function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
