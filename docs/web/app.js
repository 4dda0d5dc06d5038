import { open } from "./engine.js";
import { Pad } from "./pad.js";
import { showFailure, showVerdict, showWaiting } from "./verdict.js";

// The page of a classifier. What classifies is behind engine.js: ONNX Runtime in this browser, or a server.

const body = document.body;
const pad = new Pad(document.getElementById("pad"), document.getElementById("cursor"), classifyDrawing);
let engine = null;
let latest = 0;

/** Shows what the engine says of a picture, unless a later picture has been given meanwhile. */
async function classify(picture) {
  const turn = ++latest;
  showWaiting();
  try {
    const verdict = await engine.classify(await picture);
    if (turn === latest) showVerdict(verdict);
  } catch (failure) {
    if (turn === latest) showFailure(failure);
  }
}

function classifyDrawing() {
  return classify(pad.toPicture());
}

/** Shows an image file and classifies the file itself: what the pad shows of it is only as fine as the pad. */
async function take(file) {
  showWaiting();
  try {
    await pad.show(file);
  } catch {
    latest++;
    return showFailure(new Error(`${file.name ?? "This file"} is not an image that this browser can read.`));
  }
  return classify(file);
}

async function takeExample(url) {
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    await take(await answer.blob());
  } catch (failure) {
    showFailure(failure);
  }
}

function offer(examples) {
  const shelf = document.getElementById("examples");
  shelf.hidden = examples.length === 0;
  for (const { name, url } of examples) {
    const image = new Image();
    image.src = url;
    image.alt = name;
    const button = document.createElement("button");
    button.type = "button";
    button.append(image);
    button.addEventListener("click", () => takeExample(url));
    shelf.append(button);
  }
}

function listen() {
  const file = document.getElementById("file");
  file.addEventListener("change", () => {
    if (file.files.length > 0) take(file.files[0]);
    file.value = "";
  });
  document.getElementById("tools").addEventListener("change", (event) => {
    if (event.target.name === "tool") pad.tool = event.target.value;
  });
  document.getElementById("fresh").addEventListener("click", () => {
    pad.begin();
    classifyDrawing();
  });
  body.addEventListener("dragover", (event) => {
    event.preventDefault();
    body.classList.add("dropping");
  });
  body.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) body.classList.remove("dropping");
  });
  body.addEventListener("drop", (event) => {
    event.preventDefault();
    body.classList.remove("dropping");
    if (event.dataTransfer.files.length > 0) take(event.dataTransfer.files[0]);
  });
}

try {
  engine = await open();
  document.title = `${engine.name} · Portolan`;
  document.getElementById("about").textContent = engine.about;
  offer(engine.examples);
  pad.resize(engine.width, engine.height);
  listen();
  document.getElementById("tools").disabled = false;
  await classifyDrawing();
} catch (failure) {
  showFailure(failure);
}
