"use strict";

// Adds a player to every grid of maps over time. Without scripts, the grids are still shown.
const FRAME_MILLISECONDS = 500;
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

for (const grid of document.querySelectorAll("[data-plays]")) {
  const frames = [...grid.querySelectorAll("img")];
  const screen = new Image(frames[0].width, frames[0].height);
  const button = document.createElement("button");
  const slider = document.createElement("input");
  const label = document.createElement("span");
  let timer = null;

  const show = (index) => {
    slider.value = index;
    screen.src = frames[index].src;
    screen.alt = frames[index].alt;
    label.textContent = frames[index].parentElement.querySelector("span").textContent;
  };
  const play = (running) => {
    clearInterval(timer);
    timer = running ? setInterval(() => show((Number(slider.value) + 1) % frames.length), FRAME_MILLISECONDS) : null;
    button.textContent = running ? "Pause" : "Play";
  };

  slider.type = "range";
  slider.min = 0;
  slider.max = frames.length - 1;
  slider.setAttribute("aria-label", "moment");
  slider.addEventListener("input", () => { play(false); show(Number(slider.value)); });
  button.type = "button";
  button.addEventListener("click", () => play(timer === null));

  const controls = document.createElement("div");
  controls.className = "controls";
  controls.append(button, slider, label);
  const player = document.createElement("div");
  player.className = "player";
  player.append(screen, controls);
  grid.before(player);
  show(0);
  play(!still);
}
