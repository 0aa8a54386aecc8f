/** What is known of a thing on one line, with a dot between; what is not known leaves no gap and no dot of its own. */
export const dotted = (...parts: (string | null | undefined)[]): string => parts.filter(Boolean).join(" · ");
