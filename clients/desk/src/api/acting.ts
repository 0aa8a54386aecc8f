/** One act, sent so that it is done once however often it is sent. */

import { NoAnswer } from "./errors";
import { send } from "./http";
import { forgetKey, keyFor } from "./keys";

/** POST `body` to `path`. The key lives until a definite answer: what was not answered may be sent again. */
export async function act<T>(path: string, body: unknown, method = "POST"): Promise<T> {
  const place = `${method} ${path}`;
  const key = keyFor(place, body);
  try {
    const answer = await send<T>(method, path, { body, key });
    forgetKey(place);
    return answer.body;
  } catch (error) {
    if (!(error instanceof NoAnswer)) forgetKey(place);
    throw error;
  }
}
