"use strict";

// Adds a player to every grid of maps over time, and to every figure of strips. Without scripts, both are still shown.
const FRAME_MILLISECONDS = 500;
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// A button and a slider that show one moment after the other.
const controls = (count, show) => {
  const button = document.createElement("button");
  const slider = document.createElement("input");
  const label = document.createElement("span");
  let timer = null;

  const go = (index) => {
    slider.value = index;
    label.textContent = show(index);
  };
  const play = (running) => {
    clearInterval(timer);
    timer = running ? setInterval(() => go((Number(slider.value) + 1) % count), FRAME_MILLISECONDS) : null;
    button.textContent = running ? "Pause" : "Play";
  };

  slider.type = "range";
  slider.min = 0;
  slider.max = count - 1;
  slider.setAttribute("aria-label", "moment");
  slider.addEventListener("input", () => { play(false); go(Number(slider.value)); });
  button.type = "button";
  button.addEventListener("click", () => play(timer === null));

  const box = document.createElement("div");
  box.className = "controls";
  box.append(button, slider, label);
  go(0);
  play(!still);
  return box;
};

for (const grid of document.querySelectorAll("[data-plays]")) {
  const frames = [...grid.querySelectorAll("img")];
  const screen = new Image(frames[0].width, frames[0].height);
  const player = document.createElement("div");
  player.className = "player";
  player.append(screen, controls(frames.length, (index) => {
    screen.src = frames[index].src;
    screen.alt = frames[index].alt;
    return frames[index].parentElement.querySelector("span").textContent;
  }));
  grid.before(player);
}

for (const figure of document.querySelectorAll("[data-steps]")) {
  const steps = Number(figure.dataset.steps);
  const screens = [...figure.querySelectorAll("img")].map((strip) => {
    const screen = strip.cloneNode();
    screen.className = "moment";
    screen.setAttribute("aria-hidden", "true");
    screen.width = strip.width / steps;
    screen.style.aspectRatio = `${screen.width} / ${strip.height}`;
    strip.before(screen);
    return screen;
  });
  figure.classList.add("plays");
  figure.before(controls(steps, (index) => {
    for (const screen of screens) {
      screen.style.objectPosition = `${steps > 1 ? (100 * index) / (steps - 1) : 0}% 0`;
    }
    return `step ${index + 1}`;
  }));
}
