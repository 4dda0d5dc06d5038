// What the page says of a picture.

const section = document.getElementById("verdict");
const label = document.getElementById("label");
const table = document.getElementById("classes");
const cost = document.getElementById("cost");

function settle(text, failed) {
  label.textContent = text;
  label.classList.toggle("failed", failed);
  table.hidden = failed;
  section.setAttribute("aria-busy", "false");
}

function row(verdict, index) {
  const probability = verdict.probabilities[index];
  const percent = `${(100 * probability).toFixed(1)}\u00a0%`;
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = verdict.labels[index];
  const bar = document.createElement("meter");
  bar.value = probability;
  bar.setAttribute("aria-label", `probability of ${verdict.labels[index]}`);
  bar.textContent = percent;
  const share = document.createElement("td");
  share.append(bar, percent);
  const logit = document.createElement("td");
  logit.className = "number";
  logit.textContent = verdict.logits[index].toFixed(5);
  const line = document.createElement("tr");
  line.classList.toggle("chosen", verdict.labels[index] === verdict.label);
  line.append(name, share, logit);
  return line;
}

export function showWaiting() {
  section.setAttribute("aria-busy", "true");
}

/** @param verdict label, confidence, and for each class labels, probabilities and logits; milliseconds */
export function showVerdict(verdict) {
  table.tBodies[0].replaceChildren(...verdict.labels.map((_, index) => row(verdict, index)));
  cost.textContent = `${verdict.milliseconds.toFixed(1)} ms ${verdict.timed}`;
  settle(`${verdict.label}, ${(100 * verdict.confidence).toFixed(1)} %`, false);
}

export function showFailure(failure) {
  settle(failure.message, true);
}
