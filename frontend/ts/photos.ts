// The photograph someone has just chosen, small, with its size, before it is sent. Drawn on a canvas: no blob address.

const HEIGHT = 224;

export function startPhotos(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file" && "photo" in input.dataset) void show(input);
  });
}

async function show(input: HTMLInputElement): Promise<void> {
  const box = boxAfter(input);
  box.textContent = "";
  const empty: [File, HTMLCanvasElement][] = [];
  for (const file of Array.from(input.files || [])) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = `${file.name}, ${sizeOf(file.size)}`;
    // The picture has its room before it is read: a slow phone must not move the button under a finger.
    const canvas = document.createElement("canvas");
    canvas.height = canvas.width = HEIGHT;
    if (file.type.startsWith("image/")) {
      figure.append(canvas);
      empty.push([file, canvas]);
    }
    figure.append(caption);
    box.append(figure);
  }
  // One after the other: several large photographs at once are too much for a small phone.
  for (const [file, canvas] of empty) await draw(file, canvas);
}

function boxAfter(input: HTMLInputElement): HTMLElement {
  const next = input.nextElementSibling;
  if (next instanceof HTMLElement && next.classList.contains("preview")) return next;
  const box = document.createElement("div");
  box.className = "preview";
  box.setAttribute("aria-live", "polite");
  input.insertAdjacentElement("afterend", box);
  return box;
}

export function sizeOf(bytes: number): string {
  const many = bytes >= 1_000_000 ? bytes / 1_000_000 : bytes / 1000;
  const unit = bytes >= 1_000_000 ? "MB" : "kB";
  return `${many.toFixed(unit === "MB" ? 1 : 0).replace(".", ",")} ${unit}`;
}

/** A small drawing of the picture, whole, inside its square; nothing for what the phone cannot read. */
async function draw(file: File, canvas: HTMLCanvasElement): Promise<void> {
  if (!("createImageBitmap" in window) || !canvas.isConnected) return;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = HEIGHT / Math.max(bitmap.width, bitmap.height);
    const [wide, high] = [bitmap.width * scale, bitmap.height * scale];
    const pen = canvas.getContext("2d");
    if (pen) pen.drawImage(bitmap, (HEIGHT - wide) / 2, (HEIGHT - high) / 2, wide, high);
    bitmap.close();
  } catch {
    // What cannot be drawn keeps its empty square; the server says what is wrong with it.
  }
}
