/** Files that came from the server, saved as the browser saves any download. */

export function saveBase64(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  save(name, new Blob([bytes]));
}

/** CSV: spreadsheets know UTF-8 by its mark, which reading the answer as text has taken away. */
export function saveTable(name: string, text: string): void {
  save(name, new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
}

function save(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
