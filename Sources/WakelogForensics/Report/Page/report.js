"use strict";
const $ = (name) => document.getElementById(name);
const all = (selector) => [...document.querySelectorAll(selector)];

// Filter: what does not match is hidden; the number of what does is said.
const search = $("search"), show = $("show"), law = $("law");
const findings = all(".finding"), lanes = all(".lane"), folded = all(".folded li");

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hasWords = (element) => {
    const text = element.dataset.text.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  let shownFindings = 0, shownLanes = 0;
  for (const finding of findings) {
    finding.hidden = !hasWords(finding) || (law.value && finding.dataset.law !== law.value);
    if (!finding.hidden) shownFindings += 1;
  }
  for (const lane of lanes) {
    const hasLaw = !law.value || lane.dataset.laws.split(" ").includes(law.value);
    const hasKind = !show.value || lane.dataset.has.split(" ").includes(show.value);
    lane.hidden = !hasLaw || !hasKind || !hasWords(lane);
    if (!lane.hidden) shownLanes += 1;
  }
  for (const row of folded) row.hidden = Boolean(law.value || show.value) || !hasWords(row);
  const shownRows = folded.filter((row) => !row.hidden).length;
  const isFiltered = words.length > 0 || law.value || show.value;
  $("count").textContent = isFiltered
    ? `${shownFindings} findings, ${shownLanes + shownRows} sessions` : "";
  $("none").hidden = shownFindings + shownLanes + shownRows > 0;
}

function clear() {
  search.value = show.value = law.value = "";
  filter();
}

let waiting = 0;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(filter, 80);
});
show.addEventListener("change", filter);
law.addEventListener("change", filter);
$("clear").addEventListener("click", () => { clear(); search.focus(); });
document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && event.target === search) {
    clear();
  }
});

// A link to something folded or filtered away opens what it lies in.
function reveal() {
  const target = /^#[efks]\d+$/.test(location.hash) && $(location.hash.slice(1));
  if (!target) return;
  if (target.closest("[hidden]")) clear();
  for (let element = target; element; element = element.parentElement) {
    if (element.tagName === "DETAILS") element.open = true;
  }
  target.scrollIntoView({ block: target.tagName === "TR" ? "center" : "start" });
  const summary = target.querySelector(":scope > summary");
  if (summary) summary.focus({ preventScroll: true });
}
addEventListener("hashchange", reveal);

// Theme: the system's, or the other.
const themes = ["system", "dark", "light"];
$("theme").addEventListener("click", (event) => {
  const now = document.documentElement.dataset.theme || "system";
  const next = themes[(themes.indexOf(now) + 1) % themes.length];
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  event.target.textContent = `Theme: ${next}`;
});

// A timeline opens where something went wrong, else at its end.
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    const strip = entry.target;
    const flag = strip.querySelector(".flag rect");
    strip.scrollLeft = flag
      ? Number(flag.getAttribute("x")) - Math.min(260, strip.clientWidth / 3) : strip.scrollWidth;
  }
});
for (const strip of all(".strip")) seen.observe(strip);

document.querySelector(".tools").hidden = false;
reveal();
