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
  for (const file of Array.from(input.files || [])) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = `${file.name}, ${sizeOf(file.size)}`;
    figure.append(caption);
    box.append(figure);
    const picture = await draw(file);
    if (picture) figure.prepend(picture);
  }
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

/** A small drawing of the picture; null for what the phone cannot read. */
async function draw(file: File): Promise<HTMLCanvasElement | null> {
  if (!("createImageBitmap" in window)) return null;
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = document.createElement("canvas");
    canvas.height = HEIGHT;
    canvas.width = Math.max(1, Math.round((bitmap.width * HEIGHT) / bitmap.height));
    const pen = canvas.getContext("2d");
    if (pen) pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas;
  } catch {
    return null;
  }
}
