import { describe, expect, test } from "vitest";
import { Refused, sentenceOf } from "../../desk/src/api/errors";
import { base64Of, checkSize, MOST_BYTES } from "../../desk/src/words/town/townFiles";

function file(bytes: number): Blob {
  return { size: bytes, arrayBuffer: async () => new ArrayBuffer(Math.min(bytes, 8)) } as unknown as Blob;
}

describe("what a request cannot hold is refused before it is sent, with what to do", () => {
  test.each([
    [[MOST_BYTES], true],
    [[MOST_BYTES + 1], false],
    [[MOST_BYTES - 5, 5], true],
    [[MOST_BYTES - 5, 6], false],
    [[], true],
  ])("files of %j bytes fit: %s", (sizes, fits) => {
    const check = () => checkSize((sizes as number[]).map(file), "请用 make town 导入");
    if (fits) expect(check).not.toThrow();
    else expect(check).toThrow(Refused);
  });

  test("every file goes through it, and the sentence says how large it may be", async () => {
    const error = await base64Of(file(MOST_BYTES + 1)).catch((caught: unknown) => caught);
    expect(sentenceOf(error)).toBe("文件超过 4MB，请分成几个文件再传");
    expect(sentenceOf(new Refused(413, "", ""))).toContain("其他文件不超过4MB");
  });
});
