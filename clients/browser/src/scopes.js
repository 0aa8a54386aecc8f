/** The name that a component's classes begin with; the build writes the same into its style sheet. */
export const scopeOf = (path) => path.slice(path.lastIndexOf("/") + 1);
