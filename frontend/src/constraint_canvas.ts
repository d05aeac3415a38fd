/** What binds in each cell, as a picture. */

/** A pixel for each cell, south at the bottom; what no missile reaches is clear. */
export function constraintCanvas(
  codes: number[][],
  legend: Record<string, { word: string; colour: string }>,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = codes[0]?.length ?? 1;
  canvas.height = codes.length;
  const pen = canvas.getContext("2d")!;
  codes.forEach((row, y) =>
    row.forEach((code, x) => {
      const one = legend[String(code)];
      if (!one || one.word === "not_threatened") return;
      pen.fillStyle = `${one.colour}d0`;
      pen.fillRect(x, codes.length - 1 - y, 1, 1);
    }),
  );
  return canvas;
}
