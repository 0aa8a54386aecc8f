/**
 * What was refused is marked where it stands, and the hand goes on there: fields bear their API name in `data-field`, one
 * or several. The mark goes with the next thing typed or chosen in it.
 */

import { nextTick } from "vue";

const CONTROL = "input:not([type=hidden]), textarea, select, [role=combobox], [role=radiogroup] input, button";

/** Marks the refused fields of a form and moves the focus to the first; whether one of them is there. */
export async function markRefused(form: ParentNode | null, fields: readonly string[]): Promise<boolean> {
  clearMarks(form);
  if (!form || !fields.length) return false;
  await nextTick(); // what is busy cannot be focused
  const found = controlsOf(form, fields);
  for (const control of found) {
    control.setAttribute("aria-invalid", "true");
    control.dataset.refused = "";
    for (const name of ["input", "change"]) control.addEventListener(name, () => clear(control), { once: true });
  }
  found[0]?.focus();
  return found.length > 0;
}

export function clearMarks(form: ParentNode | null): void {
  form?.querySelectorAll<HTMLElement>("[data-refused]").forEach(clear);
}

function clear(control: HTMLElement): void {
  control.removeAttribute("aria-invalid");
  delete control.dataset.refused;
}

/** In the order of the form, which is the order in which it is filled in. */
function controlsOf(form: ParentNode, fields: readonly string[]): HTMLElement[] {
  const names = fields.filter((each) => typeof each === "string"); // bad rows of a file are refused as rows
  const wanted = new Set(names.flatMap(namesOf));
  const parts = [...form.querySelectorAll<HTMLElement>("[data-field]")];
  const refused = parts.filter((part) => part.dataset.field!.split(" ").some((name) => wanted.has(name)));
  const controls = refused.map((part) => (part.matches(CONTROL) ? part : part.querySelector<HTMLElement>(CONTROL)));
  return [...new Set(controls.filter((each) => each !== null))];
}

/** `contact.phone` is the field of that name, else the phone, else whatever holds the contact. */
function namesOf(name: string): string[] {
  const steps = name.split(".").filter((step) => !/^\d+$/.test(step));
  return [...new Set([name, steps.join("."), steps.at(-1) ?? "", steps[0] ?? ""])].filter(Boolean);
}
