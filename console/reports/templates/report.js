// SPDX-FileCopyrightText: 2026 edufleet contributors
// SPDX-License-Identifier: Apache-2.0
// Sorting, filtering and opening of hosts. Without it the page shows the same, unsorted and unfiltered.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const table = document.querySelector("table.sortable");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const folds = new Map([...document.querySelectorAll("details.host")].map((fold) => [fold.dataset.h, fold]));
  const texts = new Map(rows.map((row) => [row, `${row.textContent} ${row.dataset.r} ${groups(row)}`.toLowerCase()]));

  function groups(row) {
    const cell = folds.get(row.dataset.h).querySelector(".groups");
    return cell ? cell.textContent : "";
  }

  function value(row, column) {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    const text = cell.textContent.trim();
    if (text === "–") return -1;
    return /^[\d,]+$/.test(text) ? Number(text.replaceAll(",", "")) : text;
  }

  function sort(column, ascending) {
    const keyed = rows.map((row) => [value(row, column), row]);
    keyed.sort(([a], [b]) =>
      (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true })) *
      (ascending ? 1 : -1));
    body.append(...keyed.map(([, row]) => row));
    byId("folds").append(...keyed.map(([, row]) => folds.get(row.dataset.h)));
  }

  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      // Figures are asked for largest first; names and states (worst has the lowest rank) smallest first.
      const figure = head.classList.contains("n") || column === heads.length - 1;
      const was = head.getAttribute("aria-sort");
      const ascending = was === "none" ? !figure : was === "descending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      sort(column, ascending);
    });
  });

  function filter() {
    const wanted = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = byId("only").value;
    let count = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => texts.get(row).includes(word)) && row.dataset.f.includes(only);
      row.hidden = folds.get(row.dataset.h).hidden = !fits;
      count += fits;
    }
    byId("count").value = `${count} / ${rows.length}`;
  }

  function openAll(open) {
    for (const fold of folds.values()) if (!fold.hidden) fold.open = open;
  }

  function reveal() {
    const target = byId(location.hash.slice(1));
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.hidden = false;
      fold.open = true;
    }
    target.scrollIntoView();
  }

  byId("find").addEventListener("input", filter);
  byId("only").addEventListener("change", filter);
  byId("open").addEventListener("click", () => openAll(true));
  byId("close").addEventListener("click", () => openAll(false));
  addEventListener("hashchange", reveal);
  document.querySelector(".controls").hidden = false;
  filter();
  reveal();
})();
