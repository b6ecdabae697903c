(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  // What a reader chose is kept where the browser allows it.
  const keep = {
    get: (key) => { try { return localStorage.getItem("sdk-reference-" + key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem("sdk-reference-" + key, value); } catch { /* then it is not kept */ } },
  };

  // The theme.
  const theme = $("page-theme");
  const paint = (value) => {
    if (value === "light" || value === "dark") root.dataset.theme = value;
    else delete root.dataset.theme;
  };
  theme.value = ["light", "dark"].includes(keep.get("theme")) ? keep.get("theme") : "auto";
  paint(theme.value);
  theme.addEventListener("change", () => { paint(theme.value); keep.set("theme", theme.value); });

  // Tabs: choosing a language chooses it for all methods that have it.
  const boxes = [...document.querySelectorAll(".code")].map((box, n) => {
    const list = box.querySelector(".tabs");
    const tabs = [...list.querySelectorAll("button")];
    const panels = [...box.querySelectorAll(".panel")];
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Ways to call");
    tabs.forEach((tab, i) => {
      tab.id = `tab-${n}-${i}`;
      panels[i].id = `panel-${n}-${i}`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panels[i].id);
      panels[i].setAttribute("role", "tabpanel");
      panels[i].setAttribute("aria-labelledby", tab.id);
    });
    return { list, tabs, panels };
  });
  const choose = (box, i) => box.tabs.forEach((tab, j) => {
    tab.setAttribute("aria-selected", String(i === j));
    tab.tabIndex = i === j ? 0 : -1;
    box.panels[j].hidden = i !== j;
  });
  const chooseAll = (name, from) => {
    // What the reader looks at stays where it is while others change above it.
    const before = from ? from.getBoundingClientRect().top : 0;
    boxes.forEach((box) => {
      const i = box.tabs.findIndex((tab) => tab.dataset.tab === name);
      if (i >= 0) choose(box, i);
    });
    if (from) window.scrollBy({ top: from.getBoundingClientRect().top - before, behavior: "instant" });
  };
  boxes.forEach((box) => {
    choose(box, 0);
    box.tabs.forEach((tab) => tab.addEventListener("click", () => {
      chooseAll(tab.dataset.tab, tab);
      choose(box, box.tabs.indexOf(tab));
      keep.set("tab", tab.dataset.tab);
    }));
    box.list.addEventListener("keydown", (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      const next = box.tabs[(box.tabs.indexOf(document.activeElement) + step + box.tabs.length) % box.tabs.length];
      next.click();
      next.focus();
    });
  });
  root.classList.add("ready");
  if (keep.get("tab")) chooseAll(keep.get("tab"));

  // Copying.
  const say = (text) => { $("page-said").textContent = text; };
  const copyText = async (pre) => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      getSelection().selectAllChildren(pre);
      document.execCommand("copy");
      getSelection().removeAllRanges();
    }
  };
  document.addEventListener("click", async (e) => {
    const button = e.target.closest(".copy");
    if (!button) return;
    await copyText(button.closest(".part").querySelector("pre"));
    button.textContent = "Copied";
    say("Copied");
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });

  // The contents, on narrow screens.
  const nav = $("page-nav"), menu = $("page-menu");
  const open = (yes) => { nav.classList.toggle("open", yes); menu.setAttribute("aria-expanded", String(yes)); };
  menu.addEventListener("click", () => open(!nav.classList.contains("open")));
  nav.addEventListener("click", (e) => { if (e.target.closest("a")) open(false); });
  const links = new Map([...nav.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
  let current = null;
  const mark = (id) => {
    const link = links.get(id);
    if (!link || link === current) return;
    if (current) current.removeAttribute("aria-current");
    current = link;
    link.setAttribute("aria-current", "true");
    const box = nav.getBoundingClientRect(), at = link.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) nav.scrollTop += at.top - box.top - box.height / 2;
  };
  const watch = new IntersectionObserver((entries) => {
    for (const e of entries) if (e.isIntersecting) mark(e.target.id);
  }, { rootMargin: "-15% 0px -75% 0px" });
  document.querySelectorAll("#page-top, .method[id], .type[id], #page-errors").forEach((e) => watch.observe(e));

  // The search.
  const dialog = $("page-search"), query = $("page-query"), results = $("page-results");
  const entries = [...nav.querySelectorAll("a[data-find]")].map((a) => ({
    hash: a.hash, name: a.textContent, kind: a.dataset.kind, doc: a.dataset.doc,
    names: a.dataset.find.toLowerCase(), plain: a.textContent.toLowerCase(), text: a.dataset.doc.toLowerCase(),
  }));
  // The better a match, the lower the number; -1 is none. Every word must be found.
  const score = (entry, words) => {
    let sum = 0;
    for (const word of words) {
      if (entry.plain === word) sum += 0;
      else if (entry.plain.startsWith(word)) sum += 1;
      else if (entry.names.includes(word)) sum += 2;
      else if (entry.text.includes(word)) sum += 4;
      else return -1;
    }
    return sum + (entry.kind === "type" ? 1 : 0);
  };
  let chosen = 0;
  const select = (i) => {
    const items = [...results.children];
    if (items.length === 0) { query.removeAttribute("aria-activedescendant"); return; }
    chosen = (i + items.length) % items.length;
    items.forEach((item, j) => item.setAttribute("aria-selected", String(j === chosen)));
    query.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  };
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const search = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = entries.map((entry, i) => ({ entry, i, rank: score(entry, words) }))
      .filter((f) => f.rank >= 0).sort((a, b) => a.rank - b.rank || a.i - b.i).slice(0, 30);
    results.replaceChildren(...found.map(({ entry }, i) => {
      const item = document.createElement("li"), link = document.createElement("a");
      item.id = `result-${i}`;
      item.setAttribute("role", "option");
      link.href = entry.hash;
      link.tabIndex = -1;
      link.append(element("b", entry.name), element("i", entry.kind), element("small", entry.doc));
      item.append(link);
      return item;
    }));
    $("page-count").textContent = found.length === 0 ? "Nothing is called so." : "";
    select(0);
  };
  const openSearch = () => { query.value = ""; search(); dialog.showModal(); query.focus(); };
  const go = (hash) => {
    dialog.close();
    location.hash = hash;
    const target = document.querySelector(`[id="${CSS.escape(hash.slice(1))}"]`);
    if (!target) return;
    target.scrollIntoView();
    const link = target.querySelector("h3 a");
    if (link) link.focus({ preventScroll: true });
  };
  $("page-find").addEventListener("click", openSearch);
  query.addEventListener("input", search);
  query.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown") select(chosen + 1);
    else if (e.key === "ArrowUp") select(chosen - 1);
    else if (e.key === "Escape") dialog.close();
    else if (e.key === "Enter" && results.children.length) go(results.children[chosen].querySelector("a").hash);
    else return;
    e.preventDefault();
  });
  results.addEventListener("click", (e) => {
    const link = e.target.closest("a");
    if (!link) return;
    e.preventDefault();
    go(link.hash);
  });
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || dialog.open) return;
    if (e.target.closest("input, select, textarea")) return;
    e.preventDefault();
    openSearch();
  });
})();
