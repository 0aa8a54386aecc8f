// What JSDoc of the mini-program may name: the schemas of the API, which the server generates (clients/api.d.ts). Types alone:
// nothing of this file is uploaded (project.config.json) or runs.

type Schemas = import("../api").components["schemas"];
