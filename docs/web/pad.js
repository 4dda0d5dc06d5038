// A picture to draw on, of the size that the model takes: what is drawn is what it sees, pixel by pixel.

/**
 * Sizes are parts of the shorter side, as in the pictures that the published models were trained on. Where a line meets a marker the
 * lighter wins.
 */
const TOOLS = {
  line: { colour: "#c8c8c8", width: 0.027, blend: "lighten" },
  marker: { colour: "#ffffff", width: 0.1, blend: "lighten" },
  eraser: { colour: "#000000", width: 0.16, blend: "source-over" },
};
const FIRST_MARKERS = [[0.28, 0.64], [0.7, 0.32]];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 8;

export class Pad {
  tool = "line";
  #canvas;
  #context;
  #cursor;
  #changed;
  /** Where the pen touches the pad; null while it is lifted. */
  #pen = null;
  /** Where the keyboard points. */
  #point = { x: 0, y: 0 };

  /** @param changed called when a stroke has ended */
  constructor(canvas, cursor, changed) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
    this.#cursor = cursor;
    this.#changed = changed;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => this.#lift());
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#hideCursor());
  }

  /** Takes the model's size, and begins a picture. */
  resize(width, height) {
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#point = { x: width / 2, y: height / 2 };
    this.begin();
  }

  /** Two markers on black. */
  begin() {
    this.#pen = null;
    const { width, height } = this.#canvas;
    this.#context.globalCompositeOperation = "source-over";
    this.#context.fillStyle = "#000000";
    this.#context.fillRect(0, 0, width, height);
    for (const [x, y] of FIRST_MARKERS) this.#dot({ x: x * width, y: y * height }, TOOLS.marker);
  }

  /** Shows an image file, whatever its size; it can be drawn on. */
  async show(file) {
    const image = await createImageBitmap(file);
    this.#context.globalCompositeOperation = "source-over";
    this.#context.imageSmoothingQuality = "high";
    this.#context.drawImage(image, 0, 0, this.#canvas.width, this.#canvas.height);
    image.close();
  }

  /** The picture as a PNG file. */
  toPicture() {
    return new Promise((done) => this.#canvas.toBlob(done, "image/png"));
  }

  #unit() {
    return Math.min(this.#canvas.width, this.#canvas.height);
  }

  #dot({ x, y }, { colour, width, blend }) {
    this.#context.globalCompositeOperation = blend;
    this.#context.fillStyle = colour;
    this.#context.beginPath();
    this.#context.arc(x, y, (width * this.#unit()) / 2, 0, 2 * Math.PI);
    this.#context.fill();
  }

  #stroke(from, to, { colour, width, blend }) {
    this.#context.globalCompositeOperation = blend;
    this.#context.strokeStyle = colour;
    this.#context.lineWidth = width * this.#unit();
    this.#context.lineCap = "round";
    this.#context.beginPath();
    this.#context.moveTo(from.x, from.y);
    this.#context.lineTo(to.x, to.y);
    this.#context.stroke();
  }

  #press(event) {
    if (!event.isPrimary || event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#hideCursor();
    this.#lower(this.#place(event));
  }

  #drag(event) {
    if (this.#pen === null || !event.isPrimary) return;
    for (const each of event.getCoalescedEvents?.() ?? []) this.#moveTo(this.#place(each));
    this.#moveTo(this.#place(event));
  }

  #lower(place) {
    this.#pen = place;
    this.#dot(place, TOOLS[this.tool]);
  }

  #moveTo(place) {
    if (this.tool !== "marker") this.#stroke(this.#pen, place, TOOLS[this.tool]);
    this.#pen = place;
  }

  #lift() {
    if (this.#pen === null) return;
    this.#pen = null;
    this.#changed();
  }

  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * this.#canvas.width,
      y: ((event.clientY - box.top) / box.height) * this.#canvas.height,
    };
  }

  #key(event) {
    const step = STEPS[event.key];
    if (step) this.#moveBy(step.map((side) => (side * this.#unit() * (event.shiftKey ? FAR : 1)) / 64));
    else if (event.key === " " && !event.repeat) this.#toggle();
    else return;
    event.preventDefault();
    this.#showCursor();
  }

  #moveBy([right, down]) {
    const within = (value, limit) => Math.min(Math.max(value, 0), limit);
    this.#point = {
      x: within(this.#point.x + right, this.#canvas.width),
      y: within(this.#point.y + down, this.#canvas.height),
    };
    if (this.#pen !== null) this.#moveTo(this.#point);
  }

  #toggle() {
    if (this.#pen !== null) return this.#lift();
    this.#lower(this.#point);
    if (this.tool === "marker") this.#lift();
  }

  #showCursor() {
    this.#cursor.hidden = false;
    this.#cursor.classList.toggle("down", this.#pen !== null);
    this.#cursor.style.left = `${(100 * this.#point.x) / this.#canvas.width}%`;
    this.#cursor.style.top = `${(100 * this.#point.y) / this.#canvas.height}%`;
  }

  #hideCursor() {
    this.#cursor.hidden = true;
    this.#lift();
  }
}
