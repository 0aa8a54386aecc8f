/** One act, sent so that it is done once however often it is sent. */

import { NoAnswer } from "./errors";
import { request } from "./http";
import { forgetKey, keyFor } from "./keys";
import type { Reads, Responds } from "../../../routes";

/** POST `body` to `path`. The key lives until a definite answer: what was not answered may be sent again. */
export async function act<Path extends string, Method extends string = "POST">(
  path: Path,
  body: Reads<Method, Path>,
  method?: Method,
): Promise<Responds<Method, Path>> {
  const verb = method ?? "POST";
  const place = `${verb} ${path}`;
  const key = keyFor(place, body);
  try {
    const answer = await request<Responds<Method, Path>>(verb, path, { body, key });
    forgetKey(place);
    return answer.body;
  } catch (error) {
    if (!(error instanceof NoAnswer)) forgetKey(place);
    throw error;
  }
}
