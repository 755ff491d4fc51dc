// The search of the register: titles at once, the full text as soon as it is loaded. The page works without it.
"use strict";
(() => {
  const field = document.getElementById("search");
  const status = document.getElementById("search-status");
  const MOST_SHOWN = 240; // letters of a line around what was found

  // Letters and digits alone, without accents, words apart: what is typed and what stands there are folded alike.
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  const papers = [...document.querySelectorAll(".paper")].map((element) => ({
    element,
    head: " " + fold([".number", "h4", ".banner", ".facts"].map((part) => element.querySelector(part)?.textContent ?? "").join(" ")),
    lines: [],
  }));
  const meetings = [...document.querySelectorAll(".meeting")];
  const others = [...document.querySelectorAll("main > section:not(:first-child)")];
  let lines = [];
  let loading = "no"; // then "yes", "done" or "failed"

  // What text.js calls.
  window.registerText = (data) => {
    lines = data.lines.map((line) => ({ line, folded: " " + fold(line) }));
    for (const paper of papers) paper.lines = data.papers[paper.element.id] ?? [];
    loading = "done";
  };

  const load = () => {
    if (loading !== "no") return;
    loading = "yes";
    const script = document.createElement("script");
    script.src = "./text.js";
    script.onload = show;
    script.onerror = () => { loading = "failed"; show(); };
    document.head.append(script);
  };

  // For each line that has any of the terms, which ones, as bits.
  const bitsOf = (folded, terms) => terms.reduce((bits, term, at) => (folded.includes(" " + term) ? bits | (1 << at) : bits), 0);

  const bitCount = (bits) => { let count = 0; for (; bits; bits &= bits - 1) count += 1; return count; };

  // The paper's best line, "" where the head says it all; null where a term is in neither.
  const found = (paper, terms, bits) => {
    const all = 2 ** terms.length - 1;
    let seen = bitsOf(paper.head, terms);
    if (seen === all) return "";
    let best = -1;
    for (const at of paper.lines) {
      seen |= bits[at];
      if (bits[at] && (best < 0 || bitCount(bits[at]) > bitCount(bits[best]))) best = at;
    }
    return seen === all ? lines[best].line : null;
  };

  const snippet = (line, terms) => {
    const words = terms.map((term) => term.replace(/ /g, "[^\\p{L}\\p{N}]+"));
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})`, "giu");
    const first = Math.max(0, line.search(pattern));
    const from = first > MOST_SHOWN / 2 ? first - MOST_SHOWN / 2 : 0;
    const shown = line.slice(from, from + MOST_SHOWN);
    const paragraph = document.createElement("p");
    paragraph.className = "snippet";
    let end = 0;
    if (from) paragraph.append("… ");
    for (const match of shown.matchAll(pattern)) {
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      paragraph.append(shown.slice(end, match.index), mark);
      end = match.index + match[0].length;
    }
    paragraph.append(shown.slice(end), from + MOST_SHOWN < line.length ? " …" : "");
    return paragraph;
  };

  function show() {
    const terms = field.value.split(/\s+/).map(fold).filter(Boolean).slice(0, 20);
    for (const old of document.querySelectorAll(".snippet")) old.remove();
    const bits = terms.length ? lines.map((line) => bitsOf(line.folded, terms)) : [];
    let count = 0;
    for (const paper of papers) {
      const line = terms.length ? found(paper, terms, bits) : "";
      paper.element.hidden = line === null;
      if (line !== null) count += 1;
      if (line) paper.element.querySelector(".facts").after(snippet(line, terms));
    }
    for (const meeting of meetings) meeting.hidden = !meeting.querySelector(".paper:not([hidden])");
    for (const other of others) other.hidden = terms.length > 0;
    document.body.classList.toggle("searched", terms.length > 0);
    const number = count === 1 ? "1 paper" : `${count || "No"} papers`;
    const where = { yes: "; the full text is being loaded", failed: "; only titles were searched, as text.js is not there" }[loading] ?? "";
    status.textContent = terms.length ? `${number} found${where}.` : "";
  }

  // A link may lead to a paper that the search hides, or to a figure that is closed.
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    if (!target) return;
    if (target.closest("[hidden]")) { field.value = ""; show(); target.scrollIntoView(); }
    if (target.matches("details")) target.open = true;
  };

  let waiting = 0;
  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); clearTimeout(waiting); waiting = setTimeout(show, 60); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; show(); }
    if (event.key === "Enter" && field.value) {
      clearTimeout(waiting);
      show();
      const first = document.querySelector(".paper:not([hidden])");
      (first?.querySelector(".files a") ?? first?.querySelector("a"))?.focus();
    }
  });
  window.addEventListener("hashchange", reveal);
  document.getElementById("search-box").hidden = false;
  if (field.value) { load(); show(); }
  reveal();
})();
